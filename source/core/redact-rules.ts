export const mask = '•••';

/**
 * One way a secret shows itself by its own form or by what stands around it.
 * Patterns meet hostile lines of a megabyte: each starts with something literal and repeats within a bound.
 */
export type RedactionRule = {id: string; pattern: RegExp; replace: string | ((...groups: string[]) => string)};

/** Names whose value is a secret, as the end of a key: `DB_PASSWORD`, `spring.datasource.password`, `apiKey`. */
const name = [
	'password',
	'passwd',
	'passphrase',
	// The shell's own PWD and OLDPWD are folders.
	'(?<=[a-z_])(?<!\\bOLD)pwd',
	'\\bpwd(?!=/)',
	'secret',
	'token',
	'credentials?',
	'requirepass',
	'masterauth',
	'(?:api|access|secret|private|encrypt|encryption|signing|account|shared|auth|license)[_.-]?key',
	'(?<![a-z])(?:[a-z]{0,8}[_-])?pass',
	'密码',
	'口令',
].join('|');

/** Stands where a secret would and is none: nothing, a reference, a word for nothing, a mask. */
const innocent =
	/^(?:|-|…|\.{3}|<[\w -]+>|•+|\*+|null|none|nil|undefined|true|false|\$\{\w+\}|\$\w+|\{\{.*\}\}|%\(?\w+\)?s)$/i;

/** Compose's `${NAME:-default}`: the name is public, the default may well be the password. */
const withDefault = /^(\$\{\w+:?[-=+?])(.+)(\})$/;

function hide(value: string): string {
	if (innocent.test(value)) return value;
	const reference = withDefault.exec(value);
	return reference ? `${reference[1]}${mask}${reference[3]}` : mask;
}

/** Groups: what stays in front, the secret, what stays behind. */
const middle = (_: string, before: string, secret: string, after: unknown): string =>
	`${before}${hide(secret)}${typeof after === 'string' ? after : ''}`;

/** After a flag these words continue a sentence: "use --password to …". */
const prose = /^(?:to|or|and|is|for|option|flag|argument|with|in|on|from|was|not)$/i;

const keyed = (before: string, after: string, flags = 'gi'): RegExp =>
	new RegExp(`${before.replace('NAME', `(?:${name})`)}${after}`, flags);

const byKey: readonly RedactionRule[] = [
	// JSON inside JSON: \"password\":\"…\"
	{
		id: 'key-escaped',
		pattern: keyed('(NAME\\\\{1,3}"\\s{0,8}:\\s{0,8}\\\\{1,3}")', '([^"\\n]{0,2048}?)(\\\\{1,3}")'),
		replace: middle,
	},
	{
		id: 'key-double-quoted',
		pattern: keyed('(NAME["\']?\\]?\\s{0,8}(?:=>|[:=])\\s{0,8}")', '((?:[^"\\\\\\n]|\\\\.){0,2048})(")'),
		replace: middle,
	},
	{
		id: 'key-single-quoted',
		pattern: keyed("(NAME[\"']?\\]?\\s{0,8}(?:=>|[:=])\\s{0,8}[bu]?')", "((?:[^'\\\\\\n]|\\\\.|''){0,2048})(')"),
		replace: middle,
	},
	{
		id: 'argv-list',
		pattern: keyed('(["\']--?[\\w-]{0,32}NAME["\']\\s{0,4},\\s{0,4}["\'])', '([^"\'\\n]{1,2048})(["\'])'),
		replace: middle,
	},
	{
		id: 'argv-flag',
		pattern: keyed('((?<![\\w-])--?[\\w-]{0,32}NAME[ \\t]{1,4})', '(?!-)([^\\s"\']{1,2048})'),
		replace: (whole, before, value) => (prose.test(value ?? '') ? whole : `${before}${hide(value ?? '')}`),
	},
	// A line of an environment file or of `env`: the value may hold any sign, and blanks only between quotes.
	{
		id: 'env-line',
		pattern: keyed(
			'(^[ \\t]{0,16}(?:export[ \\t]{1,4}|-e[ \\t]{1,4}|- )?[\\w.]{0,64}NAME=)',
			'(?!["\'])(\\S{1,4096})',
			'gim',
		),
		replace: middle,
	},
	{
		id: 'key-equals',
		pattern: keyed('(NAME=)', '((?:\\$\\{[^}\\n]{0,512}\\}|[^\\s"\'`,;&|)}\\]>]){1,2048})'),
		replace: middle,
	},
	{
		id: 'key-spaced-equals',
		pattern: keyed('(NAME[ \\t]{1,8}=[ \\t]{0,8}|NAME=[ \\t]{1,8})', '(?!=)([^\\s"\',;]{1,2048})'),
		replace: middle,
	},
	{
		id: 'yaml-line',
		pattern: keyed(
			'(^[ \\t]{0,64}(?:- )?[\\w.-]{0,64}NAME:[ \\t]{1,8})',
			'(?!["\'&*|>{\\[])(\\S[^\\n#]{0,2047})',
			'gim',
		),
		replace: middle,
	},
	{
		id: 'key-colon',
		pattern: keyed('(NAME(?<!\\bPASS):[ \\t]{0,4})', '(?![/:])((?:\\$\\{[^}\\n]{0,512}\\}|[^\\s"\',;)}\\]>]){1,2048})'),
		replace: middle,
	},
	{
		id: 'key-full-width-colon',
		pattern: keyed('(NAME\\s{0,2}：\\s{0,4})', '([!-~][^\\s"\'，。；）]{0,2047})'),
		replace: middle,
	},
	{id: 'xml', pattern: keyed('(<[\\w.:-]{0,40}NAME>)', '([^<]{1,1024})(<\\/)'), replace: middle},
	{
		id: 'signed-url',
		pattern:
			/([?&](?:sig|signature|jwt|auth|code|x-amz-(?:signature|credential)|x-goog-signature)=)([^&\s"']{1,2048})/gi,
		replace: middle,
	},
];

const byPlace: readonly RedactionRule[] = [
	{
		// The password runs to the last @ of the word: a bare @ or / in it is a common mistake and must not uncover the rest.
		id: 'url-password',
		pattern: /(:\/\/[^\s:/?#@"'<>]{0,256}:)([^\s"'<>]{1,512})(@)(?=[\w.[($%/{*•-]|$)/g,
		// `http://host:8080/@scope` has a port and a path there.
		replace: (whole, before, value, at) =>
			/^\d{1,5}\//.test(value ?? '') ? whole : `${before}${hide(value ?? '')}${at}`,
	},
	// What drivers quote out of a connection URL whose password has unescaped signs: PostgreSQL's libpq, Go's net/url, Python.
	{
		id: 'url-remains-host',
		pattern:
			/((?:host name|hostname|UnknownHostException:|lookup|host|getaddrinfo \w{1,20}|Name or service not known:?) ["']?)([^\s"'@]{1,256})(@[^\s"']{1,256})/gi,
		replace: middle,
	},
	{
		id: 'url-remains-port',
		pattern:
			/(invalid integer value "|invalid port ":?|invalid percent-encoded token: "|Port could not be cast to integer value as ')([^"'\n]{1,256})(["'])/gi,
		replace: middle,
	},
	{id: 'url-remains-int', pattern: /(invalid literal for int\(\) with base 10: ')([^'\n]{1,256})(')/g, replace: middle},
	{
		id: 'authorization',
		pattern:
			/(authorization["']?\s{0,3}[:=]\s{0,3}["']?(?:(?:bearer|basic|token|digest|apikey)\s{1,3})?)([^\s"',]{3,4096})/gi,
		replace: middle,
	},
	{id: 'bearer', pattern: /\b(bearer\s{1,3})([\w.~+/=-]{12,4096})/gi, replace: middle},
	{id: 'cookie', pattern: /\b((?:set-)?cookie["']?\s{0,3}:\s{0,3}["']?)([^\r\n"']{3,4096})/gi, replace: middle},
	{
		id: 'header',
		pattern:
			/\b(x-(?:api-key|auth-token|csrf-token|vault-token|amz-security-token)["']?\s{0,3}[:=]\s{0,3}["']?)([^\s"',]{3,4096})/gi,
		replace: middle,
	},
	{id: 'sql-password', pattern: /\b(PASSWORD\s{1,8}(?:E|U&)?')((?:[^']|''){1,1024})(')/gi, replace: middle},
	{
		id: 'sql-dollar-password',
		pattern: /\b(PASSWORD\s{1,8}\$(\w{0,32})\$)([^$]{1,1024})(\$\2\$)/gi,
		replace: `$1${mask}$4`,
	},
	{
		id: 'sql-identified',
		pattern: /\b(IDENTIFIED\s{1,8}(?:BY|WITH \w{1,40} AS)\s{1,8}')([^'\n]{1,1024})(')/gi,
		replace: middle,
	},
	{
		id: 'redis-config',
		pattern: /((?:^|\s|-)(?:requirepass|masterauth)[ \t]{1,8}["']?)([^\s"']{1,1024})/gim,
		replace: middle,
	},
	{id: 'redis-monitor', pattern: /("AUTH"\s{1,3}(?:"[^"\n]{0,256}"\s{1,3})?")([^"\n]{1,1024})(")/gi, replace: middle},
	{id: 'redis-cli', pattern: /(\bredis-cli\b[^\n]{0,200}? -a\s{0,3}["']?)([^\s"']{1,1024})/g, replace: middle},
	{id: 'mysql', pattern: /(\bmysql(?:dump|admin)?\b[^\n]{0,200}? -p)([^\s"']{1,1024})/g, replace: middle},
	{
		id: 'sshpass',
		pattern: /(\b(?:sshpass|docker login)\b[^\n]{0,200}? -p\s{0,3}["']?)([^\s"']{1,1024})/g,
		replace: middle,
	},
	{
		id: 'curl-user',
		pattern: /(\bcurl\b[^\n]{0,400}? (?:-u|--user)[ =]["']?[^\s:"']{1,128}:)([^\s"']{1,1024})/g,
		replace: middle,
	},
	// ~/.pgpass: host:port:database:user:password
	{
		id: 'pgpass',
		pattern: /^([\w.*-]{1,255}:(?:\d{2,5}|\*):[\w*$-]{1,63}:[a-z_*][\w$.-]{0,62}:)(\S{1,1024})$/gim,
		replace: middle,
	},
];

const byForm: readonly RedactionRule[] = [
	{
		id: 'private-key',
		pattern:
			/(-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----)((?:[^-]|-(?!----))+)(?:-----END [A-Z0-9 ]{0,60}-----)?/g,
		replace: `$1${mask}`,
	},
	// A line of a key whose first line is elsewhere. Checksums are hexadecimal and stay.
	{id: 'private-key-line', pattern: /^(?![0-9a-f]{64}$|[0-9A-F]{64}$)[A-Za-z0-9+/]{64}$/gm, replace: mask},
	// PostgreSQL's stored forms: SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>, and md5 over password and name.
	{id: 'scram-verifier', pattern: /(SCRAM-SHA-\d{1,3}\$)(\d{1,9}:[^\s'"$]{1,512}\$[^\s'"]{1,512})/g, replace: middle},
	{id: 'md5-verifier', pattern: /\b(md5)([0-9a-f]{32})\b/g, replace: middle},
	{
		id: 'scram-message',
		pattern: /\b([cr]=[^\s,"']{4,400},(?:[rsi]=[^\s,"']{1,400},)?(?:p|s)=)([^\s,"']{8,400})/g,
		replace: middle,
	},
	{
		id: 'crypt',
		pattern: /(\$(?:2[abxy]|5|6|7|y|argon2(?:id|i|d)|scrypt|pbkdf2-sha256)\$)([\w./$=,+-]{16,400})/g,
		replace: middle,
	},
	{id: 'apr1', pattern: /(\$apr1\$)([\w./$]{8,60})/g, replace: middle},
	{id: 'django-hash', pattern: /\b(pbkdf2_sha256\$)(\d{1,9}\$[\w./+=$-]{16,200})/g, replace: middle},
	{id: 'jwt', pattern: /\beyJ[\w-]{8,2048}\.[\w-]{4,4096}(?:\.[\w-]{0,2048})?/g, replace: mask},
	{id: 'aws-key-id', pattern: /\b(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}\b/g, replace: mask},
	{id: 'github', pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_\w{22,255})/g, replace: mask},
	{id: 'gitlab', pattern: /\bgl(?:pat|rt|dt|cbt|ptt|soat)-[\w-]{16,128}/g, replace: mask},
	{id: 'slack', pattern: /\bxox[abeoprs]-[\w-]{10,255}/g, replace: mask},
	{id: 'slack-hook', pattern: /(hooks\.slack\.com\/services\/)([\w/]{20,255})/g, replace: middle},
	// Application keys of OpenAI and its many imitators, Anthropic, Stripe, Dify.
	{id: 'sk', pattern: /\b(?:sk|pk|rk)[-_](?:ant-|proj-|live_|test_)?[A-Za-z0-9_-]{20,255}/g, replace: mask},
	{id: 'dify', pattern: /\b(?:app|dataset)-[A-Za-z0-9]{24}\b/g, replace: mask},
	{id: 'google', pattern: /\bAIza[\w-]{35}/g, replace: mask},
	{id: 'hugging-face', pattern: /\bhf_[A-Za-z0-9]{30,64}\b/g, replace: mask},
	{id: 'npm', pattern: /\bnpm_[A-Za-z0-9]{36}\b/g, replace: mask},
	{id: 'pypi', pattern: /\bpypi-[\w-]{50,255}/g, replace: mask},
	{id: 'docker', pattern: /\bdckr_pat_[\w-]{20,64}/g, replace: mask},
	{id: 'sendgrid', pattern: /\bSG\.[\w-]{16,32}\.[\w-]{32,64}/g, replace: mask},
	{id: 'telegram', pattern: /\b\d{8,10}:AA[\w-]{33}\b/g, replace: mask},
	{id: 'age', pattern: /\bAGE-SECRET-KEY-1[0-9A-Z]{58}\b/g, replace: mask},
	{id: 'vault', pattern: /\bhvs\.[\w-]{24,200}/g, replace: mask},
];

/** In this order: forms that contain keys first, then places, then keys. */
export const rules: readonly RedactionRule[] = [...byForm, ...byPlace, ...byKey];
