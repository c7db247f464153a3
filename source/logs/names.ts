import {say, type Text} from '../core/say.ts';

/** Names of diagnoses that the tree does not hold yet. A test refuses what it does hold. */
export const namesToCome: Readonly<Record<string, Text>> = {
<<<<<<< HEAD
	'engine-too-old': say('Docker or Compose is too old', 'Docker 或 Compose 版本过旧'),
	'seccomp-blocked': say('The engine blocks system calls that the image needs', '引擎拦截了镜像所需的系统调用'),
	'compose-invalid': say('The Compose file is faulty', 'Compose 文件有误'),
	'image-unavailable': say('An image can’t be had', '无法获取镜像'),
	'platform-mismatch': say('The image is made for another processor', '镜像适用于其他处理器架构'),
	'data-dir-permission': say('The server may not use its data directory', '服务器无权使用数据目录'),
	'data-dir-mode': say('The data directory is open to others', '数据目录的访问权限过宽'),
	'read-only-filesystem': say('The file system is read-only', '文件系统只读'),
	'stale-pid-lock': say('A lock file keeps the server from starting', '遗留的锁文件阻止服务器启动'),
	'socket-missing': say('The client looks for a local socket that is not there', '客户端寻找的本地套接字不存在'),
	'config-invalid': say('The server’s configuration is faulty', '服务器配置有误'),
	'killed-not-oom': say('A process was killed, and not for memory', '进程被终止，但与内存无关'),
	'host-memory-pressure': say('The host runs out of memory', '主机内存不足'),
	'disk-full': say('The disk is full', '磁盘已满'),
	'inode-exhausted': say('The file system has no inodes left', '文件系统的 inode 已耗尽'),
	'shm-too-small': say('Shared memory is too small', '共享内存过小'),
=======
	'data-dir-not-empty': say('The data directory holds foreign files', '数据目录中有无关文件'),
	'data-dir-emptied': say('Files of the data directory are gone', '数据目录中的文件丢失'),
	'half-initialised': say('The first start was interrupted', '首次初始化中途中断'),
	'init-script-failed': say('A script of the first start failed', '初始化脚本执行失败'),
	'init-scripts-skipped': say('The scripts of the first start never ran', '初始化脚本从未执行'),
	'two-servers-one-volume': say('Two servers use one data directory', '两个服务器共用一个数据目录'),
	'version-mismatch': say('The data is from another version of PostgreSQL', '数据来自其他版本的 PostgreSQL'),
	'pg18-mount-layout': say(
		'The volume is mounted where PostgreSQL 18 does not expect it',
		'数据卷的挂载位置不符合 PostgreSQL 18 的要求',
	),
	'crash-recovery': say('The server recovers from a crash', '服务器正在进行崩溃恢复'),
	'corruption-wal': say('The write-ahead log is damaged', '预写日志已损坏'),
>>>>>>> 1ef573c (Drop names that the tree has by now)
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
