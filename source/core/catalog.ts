/** A row of pg_authid without its verifier. */
export type RoleRow = {
	name: string;
	oid: number;
	superuser: boolean;
	canLogin: boolean;
	secret: 'scram' | 'md5' | 'none';
	validUntil: string | null;
	expired: boolean;
	connectionLimit: number;
	connections: number;
};

/** A row of pg_hba_file_rules. */
export type HbaRule = {
	line: number;
	file: string | null;
	type: 'local' | 'host' | 'hostssl' | 'hostnossl' | 'hostgssenc' | 'hostnogssenc' | string;
	databases: string[];
	users: string[];
	address: string | null;
	netmask: string | null;
	method: string;
	error: string | null;
};

/** What one server says about itself over its local socket. */
export type Catalog = {
	version: string;
	versionNumber: number;
	systemIdentifier: string;
	startedAt: string;
	superuser: string;
	roles: RoleRow[];
	databases: {name: string; allowConnections: boolean; connectionLimit: number; connections: number}[];
	hba: HbaRule[];
	hbaFile: string;
	dataDirectory: string;
	listenAddresses: string;
	port: number;
	passwordEncryption: string;
	ssl: boolean;
	maxConnections: number;
	connections: number;
	inRecovery: boolean;
};
