/**
 * Inventories as people have them, and as they broke tools: each with its files, and what is imported. Those with a number are rebuilt small from issues of
 * ansible/ansible or of the named project.
 */

export interface InventoryCase {
  readonly files: Readonly<Record<string, string>>;
  /** What is named on the command line, below the directory of the case; `hosts` where it is not said. */
  readonly sources?: readonly string[];
  /** Ansible refuses it: so does the import. */
  readonly isRefused?: true;
  /** Ansible reads it, and the import refuses it rather than guess: a part of its message. */
  readonly isNotTried?: string;
}

const hosts = (text: string): InventoryCase => ({ files: { hosts: text } });
const yaml = (text: string): InventoryCase => ({ files: { 'hosts.yml': text }, sources: ['hosts.yml'] });
const refused = (one: InventoryCase): InventoryCase => ({ ...one, isRefused: true });

export const inventories: Readonly<Record<string, InventoryCase>> = {
  'the example of the documentation': hosts(`mail.example.com

[webservers]
foo.example.com
bar.example.com

[dbservers]
one.example.com
two.example.com
three.example.com
`),
  'ranges with zeros, steps, letters, and two at once': hosts(`[web]
www[01:50:2].example.com
db-[a:f].example.com
r[1:3]n[08:11]
[deep]
[1:2].fail
fail.[1:2]
`),
  'a range of one, which is not that host (#18018)': hosts('[evo]\nevo1[1:1]\n'),
  'two ranges that overlap (#1778)': hosts('[role1]\nhost[1:2]\n[role2]\nhost[2:3] ansible_port=2222\n'),
  'a range in a variable is text (workshops #1122)': hosts('node-[1:3] ansible_host=10.42.0.[31:33]\n'),
  'a range that ends before it begins is empty': hosts('[web]\nweb[5:3]\nweb9\n'),
  'letters that are several (ab:cd)': hosts('web[ab:cd]\n'),
  'ports, and addresses of IPv6': hosts(`web1:2222
192.0.2.7:2200
[2001:db8::1]:2222
2001:db8::2
2001:db8::[3:5]
[web[1:2]]:99
fe80::216:3eff:fe1c:3ec9
`),
  'a port in the name and one in a variable': hosts('[a]\nweb1:2222 ansible_port=2200\n[b]\nweb1:99\n'),
  'aliases and connections': hosts(`jumper ansible_port=5555 ansible_host=192.0.2.50
localhost ansible_connection=local
other1.example.com ansible_connection=ssh ansible_user=myuser
other2.example.com ansible_connection=ssh ansible_user=myotheruser
win1 ansible_connection=winrm ansible_user=Administrator ansible_password="p w"
sw1 ansible_connection=ansible.netcommon.network_cli ansible_network_os=cisco.ios.ios
`),
  'groups of groups, named before they are declared': hosts(`[usa:children]
southeast
northeast
[southeast:children]
atlanta
raleigh
[southeast:vars]
ansible_user=south
[atlanta]
host1
host2
[raleigh]
host2
host3
[northeast]
host9
[usa:vars]
ansible_user=usa
ansible_port=2022
`),
  'children before and after hosts of one group (#2564)': hosts(`[simple]
host1
[complex:children]
simple
[complex]
host2
`),
  'names decide between groups as deep as each other (#19604)': hosts(`glm1
glm2
[CG_xyzzy]
glm1
[CG_xyzzy:vars]
ansible_user=xyzzy
[IG_GriffIG]
glm1
glm2
[IG_GriffIG:vars]
ansible_user=griff
`),
  'depth counts, not who is the child of whom (#58643)': yaml(`---
all:
  vars:
    ansible_user: all
  children:
    group_a:
      hosts:
        host1:
      vars:
        ansible_user: group_a
      children:
        group_a1:
          hosts:
            host2:
          vars:
            ansible_user: group_a1
    group_b:
      hosts:
        host1:
        host2:
      vars:
        ansible_user: group_b
`),
  'priority among groups as deep as each other (#22580)': hosts(`[a_group]
host1
[b_group]
host1
[a_group:vars]
ansible_user=a
ansible_group_priority=10
[b_group:vars]
ansible_user=b
`),
  'priority in group_vars does not count': {
    files: {
      hosts: '[a_group]\nhost1\n[b_group]\nhost1\n',
      'group_vars/a_group.yml': 'ansible_user: a\nansible_group_priority: 10\n',
      'group_vars/b_group.yml': 'ansible_user: b\n',
    },
  },
  'a group that is a child twice, over ways of different length (#3009)': hosts(`[top:children]
middle
leaf
[middle:children]
leaf
[leaf]
node
[other:children]
top
[leaf:vars]
ansible_user=leaf
[middle:vars]
ansible_user=middle
[top:vars]
ansible_user=top
[other:vars]
ansible_user=other
[zeta]
node
[zeta:vars]
ansible_user=zeta
`),
  'quotes, hashes and backslashes in the line of a host (#6147, #7053, #11913)':
    hosts(`h1 ansible_ssh_pass=123#456 ansible_ssh_user=test
h2 ansible_user=foo ansible_sudo_pass="foobar#12345" ansible_host=192.0.2.2
h3 ansible_password='it is "so"' ansible_port='22' # ansible_user=nobody
h4 ansible_user="a\\"b" ansible_host=a\\ b ansible_become_pass="a\\d"
h5 "ansible_user=quoted" ansible_port="'2222'"
`),
  'quotes and hashes in the variables of a group (#22868)': hosts(`[test]
192.0.2.1
[all:vars]
ansible_password="aengiZ9chiP4SiuDah0phooW1oe~m$ua"
ansible_become_password="Hae~n5OhcoongiuZ5SaiKohDe6oosh#e"
ansible_user=root # the account
ansible_host="h" # a comment
ansible_port=22 # a comment
`),
  'numbers, zeros and words of Python (#69066, #77617)':
    hosts(`h1 ansible_password='123456.' ansible_port=0022 ansible_become=yes
h2 ansible_port=0x16 ansible_become=True ansible_user=None
h3 ansible_port=00 ansible_become=true ansible_user=1_000
h4 ansible_port=2_2 ansible_user=1e3 ansible_host=10.5
h5 ansible_port=-22 ansible_user=+5 ansible_host=.5
[all:vars]
ansible_ssh_common_args=u'-o A' "-o B"
ansible_ssh_extra_args=r'\\d' 'x\\x41\\u00e9\\101\\q'
ansible_become_user='''root'''
ansible_become_flags=- 5
ansible_ssh_args='-o X' + '-o Y'
ansible_shell_type='sh
ansible_become_exe=...
`),
  'options of ssh': hosts(`[dmz]
h1
[dmz:vars]
ansible_ssh_common_args='-o ProxyCommand="ssh -W %h:%p -q bastion@gw.example.com"'
ansible_ssh_private_key_file=~/.ssh/dmz.pem
`),
  'comments and blanks everywhere': hosts(`; semicolon
# hash
   [web]   # comment
\t web1 \t ansible_user=u   # c
  [web:vars]#c
 ansible_port = 2022
#[db]
  ; db1
[db]
db1;x
`),
  'a template stays as it is': hosts(`[web]
web1 ansible_host="{{ inventory_hostname }}.example.com" ansible_user='{{ lookup("env", "USER") }}'
[web:vars]
ansible_port={{ port }}
`),
  'names with everything that names may have': hosts(`[web-servers]
web_1.example.com
WEB-2
web--3
[Web.Servers]
web_1.example.com
[1st]
1host
[müller]
höst
`),
  'a host that has the name of a group': hosts(`[web]
web ansible_user=which
db
[db]
x ansible_port=1
`),
  'ungrouped and all by name': hosts(`[ungrouped]
a
b
[web]
b
[all]
c ansible_user=c
[all:vars]
ansible_port=23
[ungrouped:vars]
ansible_user=free
`),
  'a password that is in the section of hosts': hosts('[web]\nweb1\nansible_password=secret\n'),
  'YAML with ranges, empty sections and merges (#34760)': yaml(`all:
  hosts:
    host1:
  children:
    group1:
      hosts:
      children:
        group1a:
          hosts:
            host2:
            web[01:03]:
              ansible_port: 2222
    group2:
      hosts:
        host3: &common
          ansible_user: deploy
          ansible_become: yes
        host4:
          <<: *common
          ansible_user: other
      vars:
`),
  'YAML 1.1: octal, minutes, yes, dates': yaml(`web:
  hosts:
    a: {ansible_port: 022, ansible_user: yes, ansible_become: On}
    b: {ansible_port: 1:30, ansible_user: 'yes', ansible_become: n}
    c: {ansible_port: 0x16, ansible_user: 1e3, ansible_become: ~}
    d: {ansible_port: 2_2, ansible_user: 22.5, ansible_become: "true"}
    e: {ansible_port: '22', ansible_user: 0o17, ansible_host: 1.2.3}
`),
  'YAML: the last of equal keys counts': yaml(`web:
  hosts:
    a:
      ansible_user: one
      ansible_user: two
  vars:
    ansible_port: 22
  vars:
    ansible_port: 23
`),
  'YAML: groups at the top beside all, and keys that are none': yaml(`web:
  hosts: web1
  children: db
  note: hello
  junk:
    a: b
db:
  hosts:
    db1:
text: hello
all:
  vars:
    ansible_user: root
`),
  'YAML in a file without an extension': hosts('web:\n  hosts:\n    web1: {ansible_port: 2222}\n'),
  'INI in a file that is called YAML': yaml('[web]\nweb1 ansible_user=u\n'),
  'a group twice in a tree': yaml(`prod:
  children:
    web:
      hosts: {w1: }
      vars: {ansible_user: first}
site:
  children:
    web:
      vars: {ansible_port: 2200}
    prod:
`),
  'group_vars and host_vars beside the file': {
    files: {
      hosts: '[web]\nweb1 ansible_user=inline\nweb2\n[db]\ndb1\n[web:vars]\nansible_port=1\nansible_user=group\n',
      'group_vars/all.yml': 'ansible_port: 2\nansible_become: true\n',
      'group_vars/web': 'ansible_port: 3\n',
      'group_vars/web.yml': 'ansible_port: 4\n',
      'group_vars/db.json': '{"ansible_port": 5, "ansible_user": "json"}',
      'group_vars/nobody.yml': '[broken',
      'host_vars/web1.yml': 'ansible_user: file\n',
      'host_vars/web2.yaml': '---\n',
    },
  },
  'directories of variables, in the order of names': {
    files: {
      hosts: '[web]\nweb1\n',
      'group_vars/all/b.yml': 'ansible_user: b\n',
      'group_vars/all/a.yml': 'ansible_user: a\nansible_port: 1\n',
      'group_vars/all/z/c.yml': 'ansible_port: 9\n',
      'group_vars/all/.hidden.yml': 'ansible_user: hidden\n',
      'group_vars/all/d.yml~': 'ansible_user: backup\n',
      'group_vars/all/e.txt': 'ansible_user: text\n',
      'group_vars/web/main.yml': 'ansible_host: 192.0.2.1\n',
    },
  },
  'a directory with several files, and some that do not count': {
    files: {
      'inv/01-web': '[web]\nweb1\n[prod:children]\nweb\n',
      'inv/02-db.yml': 'db:\n  hosts:\n    db1:\n    web1: {ansible_port: 2}\n',
      'inv/03-vars': '[prod]\n[prod:vars]\nansible_user=prod\n',
      'inv/more/04': 'extra ansible_port=3\n',
      'inv/README.md': '# not [an inventory\n',
      'inv/old.bak': '[[[\n',
      'inv/.git/config': '[[[\n',
      'inv/ansible.cfg': '[defaults]\ninventory = .\n',
      'inv/group_vars/prod.yml': 'ansible_become: yes\n',
      'inv/host_vars/db1/main.yml': 'ansible_host: 192.0.2.9\n',
    },
    sources: ['inv'],
  },
  'two inventories, the later one counts': {
    files: {
      'a/hosts': '[web]\nweb1 ansible_user=a ansible_port=1\n',
      'b/hosts': '[web]\nweb1 ansible_user=b\nweb2\n',
      'a/group_vars/web.yml': 'ansible_become: false\nansible_host: a\n',
      'b/group_vars/web.yml': 'ansible_host: b\n',
    },
    sources: ['a/hosts', 'b/hosts'],
  },
  'values that ansible-vault encrypted': {
    files: {
      hosts: '[web]\nweb1\n',
      'group_vars/web.yml': `ansible_user: root
ansible_password: !vault |
  $ANSIBLE_VAULT;1.1;AES256
  30613233633461343837653833666333643061636561303338373661313838333565653635353162
ansible_become_password: !unsafe "a{{ b"
`,
    },
  },
  'k3s-ansible (timothystewart6/k3s-ansible #208)': hosts(
    '[master]\n192.168.30.38\n192.168.30.39\n\n[node]\n192.168.30.41\n\n[k3s_cluster:children]\nmaster\nnode\n',
  ),
  kubespray: hosts(`[all]
node1 ansible_host=95.54.0.12 ip=10.3.0.1 etcd_member_name=etcd1
node2 ansible_host=95.54.0.13 ip=10.3.0.2
# bastion ansible_host=x.x.x.x ansible_user=some_user
[kube_control_plane]
node1
[etcd:children]
kube_control_plane
[kube_node]
node2
[k8s_cluster:children]
kube_node
kube_control_plane
`),
  'openshift-ansible': hosts(`[OSEv3:children]
masters
nodes
[OSEv3:vars]
ansible_ssh_user=cloud-user
ansible_become=true
openshift_master_identity_providers=[{'name': 'htpasswd_auth', 'login': 'true'}]
openshift_node_groups=[{'name': 'node', 'labels': ['a=b']}]
[masters]
master.example.com
[nodes]
master.example.com openshift_node_group_name='node-config-master'
node[1:2].example.com
`),
  'AWX with lists in variables (awx #15397)': hosts(`[hw_servers]
admin01  client=group1 software=True bondmaster="bond0" bondslaves="['eth0', 'eth1']" ib=True
[all_servers:children]
hw_servers
`),
  'a section that is not declared': refused(hosts('[web:vars]\nansible_user=u\n')),
  'a child that is not declared': refused(hosts('[web:children]\ndb\n')),
  'groups in a circle': refused(hosts('[a:children]\nb\n[b:children]\na\n')),
  'a group in itself (ansible-ini2yaml #13)': refused(yaml('all:\n  children:\n    all:\n')),
  'a list instead of a dictionary of hosts': refused(yaml('web:\n  hosts:\n    - web1\n')),
  'numbers as names of hosts': refused(yaml('web:\n  hosts:\n    10:\n')),
  'a quotation mark that is not closed': refused(hosts('web1 ansible_password="secret\n')),
  'a value with a blank and no quotes': refused(hosts('web1 ansible_password=my secret\n')),
  'a range without an end': refused(hosts('web[1:]\n')),
  'a range of unequal widths': refused(hosts('web[01:100]\n')),
  'a range with a step of nothing': refused(hosts('web[1:5:0]\n')),
  'a blank in the name of a section': refused(hosts('[web servers]\nweb1\n')),
  'an unknown kind of section': refused(hosts('[web:hots]\nweb1\n')),
  'the configuration of a plugin': refused({
    files: { 'aws.yml': 'plugin: amazon.aws.aws_ec2\nregions: [us-east-1]\n' },
    sources: ['aws.yml'],
  }),
  'variables that are a list': refused({ files: { hosts: 'web1\n', 'host_vars/web1.yml': '- a\n' } }),
  'a file of variables that is encrypted': refused({
    files: { hosts: '[web]\nweb1\n', 'group_vars/web.yml': '$ANSIBLE_VAULT;1.1;AES256\n3061\n' },
  }),
};
