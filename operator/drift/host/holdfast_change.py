#!/usr/bin/python3
"""The task of Ansible that makes or undoes the changes of a run on one host. See `holdfast/changes.py` for what it promises."""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.holdfast.changes import make, undo


def main():
    module = AnsibleModule(
        argument_spec={
            'run': {'type': 'str', 'required': True},
            # Of each its name, the id of its changes, and what the probe had seen of each.
            'checks': {'type': 'list', 'elements': 'dict', 'no_log': False},
            'changes': {'type': 'dict', 'default': {}, 'no_log': False},
            'undo': {'type': 'list', 'elements': 'str'},
        },
        mutually_exclusive=[['checks', 'undo']],
        required_one_of=[['checks', 'undo']],
        supports_check_mode=True,
    )
    run, checks, changes = module.params['run'], module.params['checks'], module.params['changes']
    if checks is None:
        result = undo(run, module.params['undo'], module.check_mode)
    else:
        result = make(run, [{**check, 'changes': changes[check['id']]} for check in checks], module.check_mode)
    # The invocation would repeat what was declared, secrets too.
    module.params = {}
    if any('message' in check for check in result['checks'].values()):
        module.fail_json(msg='some checks could not be corrected', **result)
    module.exit_json(**result)


if __name__ == '__main__':
    main()
