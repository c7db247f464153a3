import {type AccessHand, accessHands} from '../core/access-hands.ts';
import type {Catalog} from '../core/catalog.ts';
import {type Check, fix} from '../core/fix.ts';
import {hbaRecord, networkOf} from '../core/pg-hba-text.ts';
import type {See} from '../core/probe.ts';
import {say} from '../core/say.ts';
import {clientCredentials} from '../probes/client-credentials.ts';
import {clientLogin} from '../probes/client-login.ts';
import {databaseCatalog} from '../probes/database-catalog.ts';
import {ruleFor} from '../probes/hba-look.ts';
import {isExternal, serviceNamed} from '../probes/looks.ts';
import {pastHba} from './parts/login-checks.ts';
import {assumptions, chooseWay} from './parts/sql-way.ts';
import {returnServices, saveEvidence} from './parts/step-calls.ts';

/**
 * The subnet that client and server share, since a container's address changes with every recreation; a single address
 * where no subnet is known, and `all`, as the official image writes, where no address is.
 */
function addressFor(see: See, hand: AccessHand): string {
	if (hand.address === '') return 'all';
	const networks = [hand.service, hand.database].flatMap(name => serviceNamed(see, name)?.networks ?? []);
	const network = networks.find(({address}) => address === hand.address);
	return networkOf(hand.address, network?.prefix ?? 32);
}

/** SCRAM, unless the role has only an md5 verifier: such a role can't log in by SCRAM, while `md5` accepts both kinds. */
const methodFor = (catalog: Catalog, role: string): 'scram-sha-256' | 'md5' =>
	catalog.versionNumber < 100_000 || catalog.roles.find(({name}) => name === role)?.secret === 'md5'
		? 'md5'
		: 'scram-sha-256';

/** The rule that turns the client away today, when there is one. */
function rejecting(see: See, {database, credential}: AccessHand): {line: number; file: string | null} | null {
	const found = see(clientCredentials).find(({id}) => id === credential);
	const rule = found ? ruleFor(see, {subject: found.service, database, credential: found}) : null;
	return rule === null || rule === 'no-entry' ? null : {line: rule.line, file: rule.file};
}

export const repairHba = fix({
	id: 'repair-hba',
	title: say('Add the missing line to pg_hba.conf', '在 pg_hba.conf 中补上缺失的规则'),
	risk: 'changes-data',
	about: say(
		'Adds one `host` line with password authentication for exactly this database, role and network, in front of the line that rejects it if there is one, and reloads the configuration. Sessions stay.',
		'为这个数据库、角色和网段添加一行要求密码的 `host` 规则（若有拒绝它的规则则放在其前面），并重新加载配置。现有会话不受影响。',
	),
	limits: say(
		'A `pg_hba.conf` that is mounted from the host or written anew at every start will lose the line: change it there.',
		'如果 `pg_hba.conf` 是从主机挂载的，或每次启动都会重写，这一行会丢失：请在源头修改。',
	),
	offered: see => !isExternal(see),
	settings: [
		{
			key: 'address',
			says: say('Addresses to let in: `all`, `samenet`, or CIDR', '允许的地址：`all`、`samenet` 或 CIDR'),
			secret: false,
		},
	],
	plan(see, finding, settings) {
		const hands = accessHands(finding);
		const database = hands[0]?.database ?? '';
		const way = chooseWay(see, database, '', {});
		if (way.kind === 'none') return {kind: 'not-applicable', why: way.why};
		const {catalog, service} = way;
		if (!service || !catalog)
			return {
				kind: 'not-applicable',
				why: say(
					'pg_hba.conf can only be edited safely where the server runs in a container and its rules can be read.',
					'只有当服务器运行在容器中且能读取其规则时，才能安全地修改 pg_hba.conf。',
				),
			};
		const address = settings['address'];
		if (address !== undefined && !/^(all|samenet|samehost|[0-9a-f.:]+\/\d{1,3})$/i.test(address))
			return {
				kind: 'not-applicable',
				why: say(
					`\`${address}\` is no address that pg_hba.conf understands.`,
					`\`${address}\` 不是 pg_hba.conf 能识别的地址。`,
				),
			};
		const wanted = hands.map(hand => {
			const rule = rejecting(see, hand);
			const record = hbaRecord({
				database: hand.databaseName || null,
				user: hand.user,
				address: address ?? addressFor(see, hand),
				method: methodFor(catalog, hand.user),
			});
			return {record, before: rule?.line ?? null, file: rule?.file ?? catalog.hbaFile};
		});
		const lines = [...new Map(wanted.map(line => [line.record, line])).values()];
		const services = [...new Set(hands.map(hand => hand.service))].filter(name => name !== '');
		return {
			kind: 'plan',
			fix: 'repair-hba',
			route: null,
			steps: [
				...saveEvidence([database, ...services]),
				...lines.map(line => ({step: 'edit-hba', input: {service: database, ...line}})),
				...returnServices(services),
			],
			afterUndo: returnServices(services),
			loses: say('Nothing. The file gets one line more.', '不丢失任何东西，文件只多一行。'),
			restarts: services,
			takes: say('a few seconds', '几秒钟'),
			undo: say('The file is put back byte for byte and loaded again.', '文件按字节恢复，并重新加载。'),
			confirm: null,
			assumes: assumptions(way),
		};
	},
	verify(finding) {
		const hands = accessHands(finding);
		const [first] = hands;
		const checks: Check[] = [
			{
				says: say('Every line of pg_hba.conf is valid', 'pg_hba.conf 的每一行都有效'),
				passes: see => {
					const reading = see(databaseCatalog, first?.database ?? '');
					return reading.kind === 'read' && reading.catalog.hba.every(({error}) => error === null);
				},
			},
		];
		for (const {credential} of hands)
			if (credential !== '')
				checks.push({
					says: say(
						`\`${credential}\` gets past pg_hba.conf over TCP`,
						`\`${credential}\` 通过 TCP 时 pg_hba.conf 已放行`,
					),
					passes: see => pastHba(see(clientLogin, credential)),
				});
		return checks;
	},
});
