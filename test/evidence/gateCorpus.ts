/** What the gate must find and what it must pass, in the forms of the real world. All of it is made up; secrets are put together, so that no scanner takes them for leaks. */

export interface Sample {
  readonly what: string;
  readonly text: string;
  /** The name of the field that has it, instead of `found`. */
  readonly key?: string;
  /** A `key` beside its `value`. */
  readonly sibling?: string;
}

const begin = (kind: string): string => `-----BEGIN ${kind}PRIVATE ${'KEY'}-----`;
const end = (kind: string): string => begin(kind).replace('BEGIN', 'END');
const body = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj';
const pem = (kind: string): string => `${begin(kind)}\n${body}\n${body}\n${end(kind)}\n`;
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const mixed = 'aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5bC7d';
const jwt = [base64('{"alg":"RS256","typ":"JWT"}'), base64('{"sub":"1234567890"}'), 'c2lnbmF0dXJlLXNpZ25hdHVyZQ']
  .join('.')
  .replaceAll('=', '');

export const positives: readonly (Sample & { readonly rule: string })[] = [
  { what: 'a PKCS #8 key', text: pem(''), rule: 'private-key' },
  // gitleaks #854: only PKCS #8 was found.
  { what: 'an RSA key', text: pem('RSA '), rule: 'private-key' },
  { what: 'an EC key', text: pem('EC '), rule: 'private-key' },
  { what: 'an OpenSSH key', text: pem('OPENSSH '), rule: 'private-key' },
  { what: 'an encrypted key', text: pem('ENCRYPTED '), rule: 'private-key' },
  { what: 'a PGP key', text: pem('PGP ').replaceAll('KEY-----', 'KEY BLOCK-----'), rule: 'private-key' },
  { what: 'a key that is cut', text: pem('').slice(0, 90), rule: 'private-key' },
  { what: 'a key with escaped line ends', text: pem('').replaceAll('\n', '\\n'), rule: 'private-key' },
  // gitleaks #1426 and #1933: in base64, as in a kubeconfig or a Secret.
  { what: 'the key of a kubeconfig', text: `client-key-data: ${base64(pem('RSA '))}`, rule: 'private-key-base64' },
  { what: 'the data of a Secret', text: base64(pem('')), rule: 'private-key-base64' },
  { what: 'an EC key in base64', text: base64(pem('EC ')), rule: 'private-key-base64' },
  { what: 'an OpenSSH key in base64', text: base64(pem('OPENSSH ')), rule: 'private-key-base64' },
  {
    what: 'a key of age',
    text: `AGE-SECRET-${'KEY'}-1QYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQ`,
    rule: 'private-key',
  },
  { what: 'an access key of AWS', text: `${'AKIA'}Q3EGVJ2XN7MZWRTB`, rule: 'aws-access-key' },
  { what: 'a temporary key of AWS', text: `${'ASIA'}Q3EGVJ2XN7MZWRTB`, rule: 'aws-access-key' },
  {
    what: 'a secret key of AWS',
    text: `aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCY${'zEXAMPLE'}KY`,
    rule: 'named-secret',
  },
  { what: 'a key of Google', text: `${'AIza'}SyD3x9kLm2Pq7RsT8uVwXyZ0aB1cD2eF3gH`, rule: 'gcp-api-key' },
  { what: 'a token of Google', text: `${'ya29'}.a0AfH6SMBx3kLm9Pq2RsT8uVwXyZ`, rule: 'gcp-oauth-token' },
  {
    what: 'a storage key of Azure',
    text: `AccountName=a;Account${'Key'}=${base64(mixed + mixed).slice(0, 86)}==`,
    rule: 'azure-storage-key',
  },
  {
    what: 'a shared access signature',
    text: `https://a.blob.core.windows.net/b?sv=2022&${'sig'}=${mixed}%2B7Q%3D`,
    rule: 'azure-sas',
  },
  {
    what: 'a client secret of Azure',
    text: `aB3${'8Q~'}dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5`,
    rule: 'azure-client-secret',
  },
  { what: 'a token of GitHub', text: `${'ghp'}_${mixed.slice(0, 36)}`, rule: 'github-token' },
  { what: 'a token of a GitHub App', text: `${'ghs'}_${mixed.slice(0, 36)}`, rule: 'github-token' },
  { what: 'a fine-grained token of GitHub', text: `${'github'}_pat_11ABCDEFG0${mixed}_${mixed}`, rule: 'github-token' },
  { what: 'a token of GitLab', text: `${'glpat'}-${mixed.slice(0, 20)}`, rule: 'gitlab-token' },
  { what: 'a token of a runner', text: `${'glrt'}-${mixed.slice(0, 20)}`, rule: 'gitlab-token' },
  { what: 'a token of Slack', text: `${'xoxb'}-263594206564-2343594206574-${mixed.slice(0, 24)}`, rule: 'slack-token' },
  {
    what: 'a webhook of Slack',
    text: `https://${'hooks.slack'}.com/services/T0A1B2C3D/B4E5F6G7H/${mixed.slice(0, 24)}`,
    rule: 'slack-webhook',
  },
  { what: 'a JSON web token', text: jwt, rule: 'jwt' },
  { what: 'a token of OpenShift', text: `${'sha256'}~${mixed}abc`, rule: 'openshift-token' },
  { what: 'a token of Vault', text: `${'hvs'}.CAESI${mixed}`, rule: 'vault-token' },
  { what: 'a token of npm', text: `${'npm'}_${mixed.slice(0, 36)}`, rule: 'npm-token' },
  { what: 'a token of Docker', text: `${'dckr'}_pat_${mixed.slice(0, 27)}`, rule: 'docker-token' },
  { what: 'a token of PyPI', text: `${'pypi'}-AgEIcHlwaS5vcmc${mixed}`, rule: 'pypi-token' },
  { what: 'a key of Stripe', text: `${'sk'}_live_${mixed.slice(0, 24)}`, rule: 'stripe-key' },
  { what: 'a header', text: `Authorization: Bearer ${mixed}`, rule: 'authorization-header' },
  { what: 'a scheme without a header', text: `curl said bearer ${mixed}`, rule: 'bearer-token' },
  { what: 'basic authentication', text: `Basic ${base64('admin:Tr0ub4dor&3')}`, rule: 'basic-auth' },
  {
    what: 'a URL with a password',
    text: 'postgres://app:Tr0ub4dor3@db.acme-corp.com:5432/app',
    rule: 'url-credentials',
  },
  { what: 'a URL with a token', text: `https://${mixed}@git.acme-corp.com/a.git`, rule: 'url-credentials' },
  {
    what: 'a line of /etc/shadow',
    text: `root:$6$rounds=656000$8kQ2xY7z$${mixed}${mixed}aB:19000:0:99999:7:::`,
    rule: 'password-hash',
  },
  {
    what: 'a line of /etc/shadow with yescrypt',
    text: `bob:$y$j9T$8kQ2xY7zPq/Lm3$${mixed}abc:19000::::::`,
    rule: 'password-hash',
  },
  { what: 'a line of htpasswd with bcrypt', text: `bob:$2y$05$${mixed}abcdefghijklm`, rule: 'password-hash' },
  { what: 'a line of htpasswd with MD5', text: `bob:$apr1$8kQ2xY7z$${mixed.slice(0, 22)}`, rule: 'password-hash' },
  { what: 'a line of htpasswd with SHA-1', text: `bob:{SHA}${mixed.slice(0, 27)}=`, rule: 'password-hash' },
  { what: 'a password of LDAP', text: `userPassword: {SSHA}${mixed.slice(0, 38)}==`, rule: 'password-hash' },
  {
    what: 'a password of GRUB',
    text: `password_pbkdf2 root grub.pbkdf2.sha512.10000.${'9A3F'.repeat(16)}.${'0B7E'.repeat(16)}`,
    rule: 'password-hash',
  },
  { what: 'an assignment', text: 'password=hunter2', rule: 'named-secret' },
  { what: 'an assignment of a word', text: 'DB_PASSWORD=swordfish', rule: 'named-secret' },
  { what: 'an assignment in YAML', text: 'db_password: "Corr3ct horse"', rule: 'named-secret' },
  // gitleaks #1319: a connection string.
  { what: 'a connection string', text: 'Server=db;User Id=app;Password=p@55w0rd;', rule: 'named-secret' },
  // gitleaks #1336: characters of base64 in it.
  {
    what: 'a password with a slash and a plus',
    text: 'sasl_password=LIkaITK744sG54VgABW/+p4NXFr',
    rule: 'named-secret',
  },
  { what: 'an API key', text: `api_key: ${mixed}`, rule: 'named-secret' },
  { what: 'an argument', text: 'mysqldump --password=Tr0ub4dor3 app', rule: 'secret-argument' },
  { what: 'user and password of curl', text: 'curl -u admin:Tr0ub4dor3 https://a.example', rule: 'secret-argument' },
  { what: 'a line of .netrc', text: 'machine git.acme-corp.com login bob password Tr0ub4dor3', rule: 'netrc' },
  { what: 'a field that is named so', text: 'Tr0ub4dor3', key: 'password', rule: 'named-secret' },
  { what: 'a field with a word in it', text: 'swordfish', key: 'dbPassword', rule: 'named-secret' },
  { what: 'a token in a field', text: mixed, key: 'accessToken', rule: 'named-secret' },
  // gitleaks #1387: the name is beside it.
  { what: 'a value beside its name', text: '9@tm!(B/2H_PRNz?4{/@', sibling: 'password', rule: 'named-secret' },
  { what: 'a variable beside its name', text: mixed, sibling: 'API_TOKEN', rule: 'named-secret' },
  { what: 'an e-mail address', text: 'bob.smith+tag@mail.acme-corp.co.uk', rule: 'email' },
  { what: 'an address in brackets', text: 'Bob Smith <bob.smith@acme-corp.com>', rule: 'email' },
  { what: 'a principal of a person', text: 'bob@CORP.ACME.COM', rule: 'email' },
  { what: 'an IBAN', text: 'DE89370400440532013000', rule: 'iban' },
  { what: 'an IBAN in groups', text: 'GB82 WEST 1234 5698 7654 32', rule: 'iban' },
  { what: 'an IBAN with letters', text: 'FR1420041010050500013M02606', rule: 'iban' },
  { what: 'a Visa card', text: '4111111111111111', rule: 'credit-card' },
  { what: 'a Mastercard in groups', text: '5555 5555 5555 4444', rule: 'credit-card' },
  { what: 'an American Express card', text: '3782 822463 10005', rule: 'credit-card' },
  { what: 'a Discover card with dashes', text: '6011-1111-1111-1117', rule: 'credit-card' },
  { what: 'a social security number', text: '536-22-8726', rule: 'us-ssn' },
  { what: 'a phone number', text: '+49 30 901820123', rule: 'phone' },
  { what: 'a phone number of the US', text: '+1 (415) 555-2671', rule: 'phone' },
];

export const negatives: readonly Sample[] = [
  { what: 'a digest', text: 'sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef' },
  {
    what: 'a digest that is called a token',
    text: '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
    key: 'tokenDigest',
  },
  {
    what: 'a digest of a password',
    text: 'password: sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
  },
  { what: 'a keyed digest in a field for a token', text: 'hmac:aB3dE5fG7hJ9kL1mN3pQ', key: 'token' },
  { what: 'a UUID', text: '9d4f2c1e-4111-4111-8111-111111111111' },
  { what: 'a UUID in a field for a secret', text: '9d4f2c1e-4111-4111-8111-111111111111', key: 'secret' },
  { what: 'a resource version', text: '4111111', key: 'resourceVersion' },
  {
    what: 'a certificate',
    text: '-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ\n-----END CERTIFICATE-----',
  },
  {
    what: 'a certificate in base64',
    text: base64('-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQG\n'),
  },
  {
    what: 'a public key',
    text: base64('-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----\n'),
  },
  {
    what: 'an SSH public key',
    text: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPublicKeyOfAHostThatIsNoSecretAtAll01 bob@web-01.acme-corp.com',
  },
  {
    what: 'an SSH public key of ECDSA',
    text: 'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTY= root@web-01.acme-corp.com',
  },
  { what: 'the name of a header alone', text: `a file must not begin with ${begin('')}` },
  { what: 'a word after its name', text: 'password: required' },
  { what: 'a setting of sshd', text: 'PasswordAuthentication no' },
  { what: 'PAM', text: 'password requisite pam_pwquality.so retry=3' },
  { what: 'a policy of passwords', text: 'PASS_MAX_DAYS 365, ENCRYPT_METHOD SHA512, password-auth' },
  { what: 'an expired token', text: 'token: expired at 2026-11-27T02:00:00Z' },
  { what: 'a reference to a Secret', text: 'secret: fleet-ssh' },
  { what: 'a name of a Secret in a field', text: 'fleet-ssh-2026', key: 'secret' },
  { what: 'a path in a field for a key', text: '/etc/pki/tls/private/server.key', key: 'privateKey' },
  { what: 'what is redacted', text: 'password=REDACTED token=*** secret=<sensitive> api_key=${API_KEY}' },
  { what: 'what is redacted in a field', text: 'REDACTED', key: 'password' },
  // gitleaks #1219: 32 digits that name something.
  { what: 'an identifier', text: 'tokenizationId: f865288c97ca4913887373728b8dfc4c' },
  // gitleaks #760 and #850.
  { what: 'an apiVersion', text: "apiVersion: '2010-03-31', apiGroup: rbac.authorization.k8s.io" },
  // gitleaks #538: an integrity of npm that has the letters of a key of AWS.
  {
    what: 'an integrity',
    text: 'sha512-GDHVin2EJ9PGJ33VMGlqtPcvUlY+pkTbaWs4jWv8oBaEK8UUBzS5ZpEc4xi7Xp5vIXnVsCSLKNC6bgvR9X/AoQ==',
  },
  // gitleaks #1321: names within Vault.
  { what: 'the name of a key in Vault', text: "vaultKey: 'inf-vsqt-01-secret-id'" },
  // trufflehog #894, #209, #842 and #1489.
  { what: 'a URL with a variable', text: 'https://some_user:$SOME_VARIABLE@some.acme-corp.com' },
  { what: 'a URL of a template', text: 'https://${username}:${password}@host/etc' },
  { what: 'a URL that is redacted', text: 'https://bob:********@host/x' },
  { what: 'a URL that is redacted and encoded', text: 'https://bob:%2A%2A%2A%2A%2A%2A@host/x' },
  // deepsecrets #4: a port, and an @ in the path.
  { what: 'a URL with a port', text: 'http://localhost:3001/@whatever/path/more' },
  { what: 'a URL of git', text: 'ssh://git@github.com/acme/a.git and git@github.com:acme/a.git' },
  { what: 'an example of a token', text: `ghp_${'x'.repeat(36)}` },
  { what: 'words after basic and bearer', text: 'basic authentication or bearer authentication-token is required' },
  { what: 'a service account', text: 'system:serviceaccount:platform:baseline-writer' },
  { what: 'a unit of systemd', text: 'getty@tty1.service, user@1000.service, sssd@nss.socket' },
  { what: 'an address of a documentation', text: 'alice@example.com' },
  { what: 'a principal of a service', text: 'HTTP/web01.corp.acme.com@CORP.ACME.COM' },
  {
    what: 'an image by digest',
    text: 'registry.acme.com:5000/holdfast@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
  },
  { what: 'a module with its version', text: 'golang.org/x/crypto@v0.17.0 and pkg@1.2.3' },
  // presidio #1607: times in milliseconds that have the checksum of a card. gstack #2681: 14 digits.
  { what: 'a time in milliseconds', text: '1748503543012 1748503543004' },
  { what: 'a time in a name', text: '20260823000001_reap.sql 20260823000019' },
  { what: 'a time in nanoseconds', text: '1767225600000000000' },
  { what: 'a fraction', text: '0.4111111111111111' },
  { what: 'a card with a wrong checksum', text: '4111111111111112' },
  { what: 'digits within a digest', text: 'a4111111111111111b' },
  { what: 'an IBAN with a wrong checksum', text: 'DE88370400440532013000' },
  { what: 'a range of lines', text: '@@ -1,33 +123456789,45 @@' },
  { what: 'a time zone', text: '2026-11-27T02:00:00+02:00 and +0200' },
  { what: 'a version with a build', text: '1.2.3+20260101120000' },
  { what: 'a date that is written as a number is', text: '900-12-3456, 000-12-3456, 123-45-6789' },
];
