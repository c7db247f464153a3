import {say, type Text} from '../core/say.ts';

/** Names of diagnoses that the tree does not hold yet. A test refuses what it does hold. */
export const namesToCome: Readonly<Record<string, Text>> = {
	'corruption-page': say('A table or index is damaged', '表或索引已损坏'),
	'collation-mismatch': say('The collation version has changed', '排序规则版本已变化'),
	'extension-missing': say('An extension is missing', '缺少扩展'),
	'extension-privilege': say('The role may not do what the application asks', '角色权限不足'),
	'schema-missing': say('Tables or columns are missing', '缺少表或列'),
	'migration-failed': say('A migration failed', '数据库迁移失败'),
	wraparound: say('Transaction numbers run out', '事务号即将耗尽'),
	'too-many-connections': say('No connection is free', '连接数已耗尽'),
	'locks-or-slow': say('Sessions wait for locks, or statements take too long', '会话等待锁，或语句执行过慢'),
	'replication-broken': say('Replication is broken', '复制已中断'),
	'slot-retains-wal': say('A replication slot holds back the write-ahead log', '复制槽阻止预写日志清理'),
};

/** Diagnoses of the list above that do not make the system fail today. */
export const warningsToCome: ReadonlySet<string> = new Set([
	'healthcheck-noise',
	'collation-mismatch',
	'crash-recovery',
]);
