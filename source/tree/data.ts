import {ifKnown} from '../core/if-known.ts';
import {say} from '../core/say.ts';
import {all, asking, chapter, leaf, nothing} from '../core/walk.ts';
import {collationMismatch} from '../diagnoses/collation-mismatch.ts';
import {corruptionPage} from '../diagnoses/corruption-page.ts';
import {extensionMissing} from '../diagnoses/extension-missing.ts';
import {extensionPrivilege} from '../diagnoses/extension-privilege.ts';
import {locksOrSlow} from '../diagnoses/locks-or-slow.ts';
import {migrationFailed} from '../diagnoses/migration-failed.ts';
import {replicationBroken} from '../diagnoses/replication-broken.ts';
import {schemaMissing} from '../diagnoses/schema-missing.ts';
import {schemaPrivilege} from '../diagnoses/schema-privilege.ts';
import {slotRetainsWal} from '../diagnoses/slot-retains-wal.ts';
import {tooManyConnections} from '../diagnoses/too-many-connections.ts';
import {wraparound} from '../diagnoses/wraparound.ts';
import {wraparoundNear} from '../diagnoses/wraparound-near.ts';
import {ageOf} from '../probes/age-looks.ts';
import {damageOf} from '../probes/damage-looks.ts';
import {blockersOf, cannotAsk, changedCollations, clientDatabases, idleSlots, roomOf} from '../probes/data-looks.ts';
import {extensionTroubles} from '../probes/extension-looks.ts';
import {type ClientScope, canLook, clients, type DatabaseScope, databases} from '../probes/looks.ts';
import {brokenSubscriptions, standbyState} from '../probes/replication-looks.ts';
import {migrationTrouble, missingRelations, schemaDenied} from '../probes/schema-looks.ts';

const title = say('Data: connections, locks, damage, schema, replication', '数据：连接、锁、损坏、表结构与复制');
const ofServer = asking<DatabaseScope>();
const ofClient = asking<ClientScope>();
const nameOf = ({database}: DatabaseScope): string => database || 'the database';
const chinese = ({database}: DatabaseScope): string => database || '数据库';

const locks = ofServer(
	scope =>
		say(
			`Does one session of ${nameOf(scope)} keep others waiting for a lock?`,
			`${chinese(scope)} 中有会话让其他会话一直等锁吗？`,
		),
	(see, {database}) => (blockersOf(see, database).length > 0 ? 'blocked' : 'no'),
	{blocked: leaf(locksOrSlow), no: nothing},
);

const damage = ofServer(
	scope => say(`Is any page of ${nameOf(scope)} damaged?`, `${chinese(scope)} 有损坏的数据页吗？`),
	(see, {database}) => damageOf(see, database),
	{sound: nothing, damaged: leaf(corruptionPage), suspected: leaf(corruptionPage)},
);

const age = ofServer(
	scope => say(`Does ${nameOf(scope)} still have transaction ids to give?`, `${chinese(scope)} 还有可用的事务 ID 吗？`),
	(see, {database}) => ageOf(see, database),
	{fine: nothing, old: leaf(wraparoundNear), 'used-up': leaf(wraparound)},
);

const replication = ofServer(
	scope => say(`Does replication into ${nameOf(scope)} run?`, `${chinese(scope)} 的复制正常吗？`),
	(see, {database}) =>
		standbyState(see, database) !== 'fine' || brokenSubscriptions(see, database).length > 0 ? 'broken' : 'fine',
	{broken: leaf(replicationBroken), fine: nothing},
);

const slots = ofServer(
	scope =>
		say(
			`Does a replication slot of ${nameOf(scope)} keep old log for nobody?`,
			`${chinese(scope)} 有复制槽在无人使用的情况下保留旧日志吗？`,
		),
	(see, {database}) => (idleSlots(see, database).length > 0 ? 'kept' : 'no'),
	{kept: leaf(slotRetainsWal), no: nothing},
);

const collations = ofServer(
	scope =>
		say(
			`Does ${nameOf(scope)} sort text as when its data was made?`,
			`${chinese(scope)} 的文本排序规则与建库时一致吗？`,
		),
	(see, {database}) => {
		const {databases: changed, unrecorded, inside} = changedCollations(see, database);
		if (changed.length + inside.length > 0) return 'changed';
		return unrecorded.length > 0 ? 'unrecorded' : 'same';
	},
	{changed: leaf(collationMismatch), unrecorded: leaf(collationMismatch), same: nothing},
);

const extensions = ofServer(
	scope =>
		say(
			`Does ${nameOf(scope)} have the extensions that its clients want?`,
			`${chinese(scope)} 具备客户端需要的扩展吗？`,
		),
	(see, {database}) => {
		const kinds = extensionTroubles(see, database).map(({kind}) => kind);
		if (kinds.length === 0) return 'yes';
		const denied = kinds.filter(kind => kind === 'denied').length;
		return denied === 0 ? 'lacking' : denied < kinds.length ? 'lacking-and-denied' : 'denied-extension';
	},
	{
		yes: nothing,
		lacking: leaf(extensionMissing),
		'denied-extension': leaf(extensionPrivilege),
		'lacking-and-denied': all(leaf(extensionMissing), leaf(extensionPrivilege)),
	},
);

const inside = all(locks, damage, age, replication, slots, collations, extensions);

const server = chapter<DatabaseScope>(
	{
		id: 'data',
		title,
		each: see => (canLook(see) ? databases(see).map(database => ({subject: database || null, database})) : []),
		unless: (see, {database}) => cannotAsk(see, database),
	},
	ofServer(
		scope =>
			say(`Has ${nameOf(scope)} a connection left for its clients?`, `${chinese(scope)} 还有连接可供客户端使用吗？`),
		(see, {database}) => roomOf(see, database),
		{
			yes: inside,
			'ran-out': all(leaf(tooManyConnections), inside),
			'only-reserved': all(leaf(tooManyConnections), inside),
			full: leaf(tooManyConnections),
		},
	),
);

const schema = ofClient(
	({credential}) =>
		say(
			`Are the tables there that ${credential.service || 'the client'} asks for?`,
			`${credential.service || '客户端'} 需要的表都在吗？`,
		),
	(see, scope) => {
		if (schemaDenied(see, scope)) return 'not-allowed';
		return missingRelations(see, scope).length > 0 ? 'absent' : 'yes';
	},
	{yes: nothing, absent: leaf(schemaMissing), 'not-allowed': leaf(schemaPrivilege)},
);

const tables = chapter<ClientScope>(
	{
		id: 'data',
		title,
		// Databases that are not there are the access chapter's.
		each: see =>
			clients(see).filter(({database, credential}) =>
				ifKnown(
					() =>
						cannotAsk(see, database) === null &&
						clientDatabases(see, database).some(({name}) => name === credential.database),
				),
			),
	},
	ofClient(
		({credential}) =>
			say(
				`Did the migrations of ${credential.service || 'the client'} come to their end?`,
				`${credential.service || '客户端'} 的数据库迁移完成了吗？`,
			),
		(see, scope) => migrationTrouble(see, scope)?.kind ?? 'done',
		{
			done: schema,
			unfinished: leaf(migrationFailed),
			ahead: leaf(migrationFailed),
			behind: leaf(migrationFailed),
			'says-so': leaf(migrationFailed),
		},
	),
);

/** Asked of the server, then of each client: what is wrong inside one database follows from what is wrong with its server. */
export const data = [server, tables] as const;
