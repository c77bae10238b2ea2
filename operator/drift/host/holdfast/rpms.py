"""What dnf would do and does, run by the host's own Python, which has dnf's modules, beside the one of Ansible, which may not.

One line of JSON comes in: what is asked. One line goes out: the plan (`in`, `out`, and `reasons` of what goes), or an `error`. It
waits for the line `go`, and tells `downloaded` and then `done`, or an `error`. It never asks, never waits for a lock, and takes no new key.
"""

import json
import os
import sys


def main():
    told = os.fdopen(os.dup(1), 'w')
    os.dup2(2, 1)

    def tell(**words):
        told.write(json.dumps(words) + '\n')
        told.flush()

    asked = json.loads(sys.stdin.readline())
    try:
        import dnf  # pylint: disable=import-outside-toplevel
        import dnf.exceptions  # pylint: disable=import-outside-toplevel
    except ImportError as error:
        tell(missing=str(error))
        return
    try:
        base = _opened(dnf, asked)
        wanted = _choose(dnf, base, asked)
        if isinstance(wanted, str):
            tell(error=wanted)
            return
        if not base.resolve(allow_erasing='out' in asked):
            tell(**{'in': [], 'out': [], 'reasons': {}})
            return
        come, go = list(base.transaction.install_set), list(base.transaction.remove_set)
        tell(**{'in': sorted(map(nevra, come)), 'out': sorted(map(nevra, go)), 'reasons': {nevra(package): package.reason for package in go}})
        if sys.stdin.readline() != 'go\n':
            return
        base.download_packages(come)
        for package in come:
            result, why = base.package_signature_check(package)
            if result == 1:
                tell(error=f'the key that signed {package} is unknown to this host: verify it, and import it with rpm --import')
                return
            if result:
                tell(error=f'the signature of {package} is invalid: {why}')
                return
        _give_reasons(base, asked.get('reasons', {}))
        tell(downloaded=True)
        tell(done=_transact(dnf, base))
    except Exception as error:  # pylint: disable=broad-except
        tell(error=' '.join(str(error).split()) or type(error).__name__)


def nevra(package):
    return f'{package.name}-{package.epoch}:{package.version}-{package.release}.{package.arch}'


def _opened(dnf, asked):
    base = dnf.Base()
    conf = base.conf
    conf.read()
    conf.substitutions.update_from_etc(conf.installroot)
    conf.substitutions['releasever'] = conf.substitutions.get('releasever') or dnf.rpm.detect_releasever(conf.installroot)
    # Nothing is removed that nobody asked to remove; and whoever else is at work is not waited for.
    conf.clean_requirements_on_remove = False
    conf.exit_on_lock = True
    conf.timeout, conf.retries = 20, 2
    base.init_plugins()
    base.pre_configure_plugins()
    comes = bool(asked.get('in') or asked.get('name'))
    if comes:
        base.read_all_repos()
    base.configure_plugins()
    base.fill_sack(load_system_repo=True, load_available_repos=comes)
    return base


def _choose(dnf, base, asked):
    """Marks what is to come and to go; a sentence part when that cannot be."""
    if 'name' in asked:
        return _choose_new(dnf, base, asked)
    there = {nevra(package): package for package in base.sack.query().installed()}
    offered = {nevra(package): package for package in base.sack.query().available()} if asked['in'] else {}
    gone = [name for name in asked['in'] if name not in offered]
    if gone:
        return f'no repository still offers {", ".join(gone)}'
    coming = {(offered[name].name, offered[name].arch) for name in asked['in']}
    many = {nevra(package) for package in base._get_installonly_query(base.sack.query().installed())}
    for name in asked['out']:
        if name in there and (name in many or (there[name].name, there[name].arch) not in coming):
            base._goal.erase(there[name], clean_deps=False)
    for name in asked['in']:
        _select(dnf, base, [offered[name]])
    return None


def _choose_new(dnf, base, asked):
    named = _named(base, asked['name'])
    installed = list(named.installed())
    fitting = [package for package in named.available() if _fits(package, asked, installed)]
    if not fitting:
        version = asked.get('version') or asked.get('minVersion')
        return f'no repository offers {asked["name"]}' + (f' {version}' if version else '') + (' or newer' if 'minVersion' in asked else '')
    arches = {package.arch for package in installed}
    if not arches:
        _select(dnf, base, fitting)
    for arch in arches:
        if any(package.arch == arch and _fits(package, asked, []) for package in installed):
            continue
        of_arch = [package for package in fitting if package.arch == arch]
        if not of_arch:
            return f'no repository offers that version of {asked["name"]} for {arch}'
        _select(dnf, base, of_arch)
    return None


def _named(base, name):
    """Packages of that very name, or name and architecture; where there are none, those that provide it. No patterns, and no versions."""
    query = base.sack.query()
    for named in (query.filter(name=name), query.filter(name=name.rpartition('.')[0], arch=name.rpartition('.')[2])):
        if named:
            return named
    return query.filter(provides=name)


def _select(dnf, base, packages):
    selector = dnf.selector.Selector(base.sack)
    selector.set(pkg=packages)
    base._goal.install(select=selector)


def _fits(package, asked, installed):
    import rpm  # pylint: disable=import-outside-toplevel

    text = asked.get('version') or asked.get('minVersion')
    if not text:
        return True
    epoch, colon, rest = text.rpartition(':')
    version, _, release = rest.partition('-')
    found = (str(package.epoch) if colon else '0', package.version, package.release if release else '0')
    order = rpm.labelCompare(found, (str(int(epoch)) if colon else '0', version, release or '0'))
    if 'version' in asked:
        return order == 0
    # Whatever its version says, RPM takes one with a lower epoch for older.
    return order >= 0 and not any(other.arch == package.arch and other.evr_gt(package) for other in installed)


def _give_reasons(base, reasons):
    """Whether somebody wanted it or it came along with another."""
    import libdnf.transaction  # pylint: disable=import-outside-toplevel

    for item in base.transaction:
        try:
            name = nevra(item.pkg)
        except KeyError:
            continue  # It is no package but another reason for one.
        if name in reasons:
            item.reason = libdnf.transaction.StringToTransactionItemReason(reasons[name])


def _transact(dnf, base):
    """What scriptlets and dnf said. That one of them failed is no error to dnf."""
    import dnf.callback  # pylint: disable=import-outside-toplevel

    said = []

    class Display(dnf.callback.TransactionProgress):
        def error(self, message):
            said.append(message)

        def scriptout(self, msgs):
            said.append(msgs)

    try:
        base.do_transaction(Display())
    except dnf.exceptions.Error as error:
        raise RuntimeError(' '.join(str(word).strip() for word in [*said, error] if word)) from None
    return ' '.join(str(word).strip() for word in said if word)


if __name__ == '__main__':
    main()
