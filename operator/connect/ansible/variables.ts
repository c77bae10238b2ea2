/**
 * Says which variables a run may be given: values of its playbook, never anything that steers Ansible itself. Pure.
 *
 * The apiserver refuses the same by the rules of `AnsibleRunSpec.variables`; a test compares both.
 */

/** Names of Ansible's own that do not start with `ansible_`: keywords of a playbook, magic variables, functions of templates. */
export const ownNames: ReadonlySet<string> = new Set(
  (
    'action always any_errors_fatal args async async_val become become_exe become_flags become_method become_user block changed_when ' +
    'check_mode collections connection cycler debugger delay delegate_facts delegate_to dict diff environment fact_path failed_when ' +
    'force_handlers gather_facts gather_timeout group_names groups handlers hosts hostvars ignore_errors ignore_unreachable ' +
    'inventory_dir inventory_file inventory_hostname inventory_hostname_short joiner lipsum local_action lookup loop loop_control ' +
    'loop_with max_fail_percentage module_defaults name namespace no_log notify now omit order play_hosts playbook_dir poll port ' +
    'post_tasks pre_tasks q query range register remote_user rescue retries role_name role_names role_path role_uuid roles run_once ' +
    'serial strategy tags tasks throttle timeout undef until vars vars_files vars_prompt when'
  ).split(' '),
);

const mostCharacters = 4096;
const mostVariables = 64;

/** Throws a sentence when a variable may not be given to a run. */
export function assertRunVariables(variables: Readonly<Record<string, unknown>>): void {
  if (Object.keys(variables).length > mostVariables)
    throw new Error(`A run may have at most ${mostVariables} variables.`);
  for (const [name, value] of Object.entries(variables)) {
    assertName(name);
    if (/^(ansible|holdfast)_/.test(name)) throw new Error(refusal(name));
    if (typeof value === 'string' ? value.length > mostCharacters : !Number.isSafeInteger(value)) {
      throw new Error(
        `The value of the variable "${name}" must be a string of at most ${mostCharacters} characters or an integer of at most 53 bits.`,
      );
    }
  }
}

/** Throws a sentence when a variable may not be given to a host: `holdfast_` is ours here. */
export function assertHostVariables(host: string, variables: Readonly<Record<string, unknown>>): void {
  for (const name of Object.keys(variables)) {
    assertName(name);
    if (name.startsWith('ansible_')) throw new Error(`${refusal(name)} It is set for the host "${host}".`);
  }
}

function assertName(name: string): void {
  if (!/^[a-z][a-z0-9_]{0,63}$/.test(name)) {
    throw new Error(
      `The variable ${JSON.stringify(name)} must have a name of at most 64 lowercase letters, digits and "_" that starts with a letter.`,
    );
  }
  if (ownNames.has(name)) throw new Error(refusal(name));
}

function refusal(name: string): string {
  return `The variable "${name}" is refused, because it controls Ansible itself: give the variable another name.`;
}
