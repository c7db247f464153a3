import {say, type Text} from '../core/say.ts';

/**
 * The one observation on the living deployment that would settle each diagnosis, for readers of a pasted log. Where a diagnosis
 * tells itself apart from its look-alikes, its own words go first.
 */
export const proofs: Readonly<Record<string, Text>> = {
	'docker-unreachable': say('Does `docker version` print a server?', '`docker version` 是否显示 Server 部分？'),
	'docker-permission-denied': say(
		'Does the same command work with `sudo`, and does `id -nG` lack the group docker?',
		'加上 `sudo` 后同一命令是否成功，且 `id -nG` 中没有 docker 组？',
	),
	'engine-too-old': say(
		'Compare the versions in `docker version` and `docker compose version` with what the message asks for.',
		'将 `docker version` 和 `docker compose version` 的版本与消息要求的版本比较。',
	),
	'seccomp-blocked': say(
		'Does the same image start with `docker run --rm --security-opt seccomp=unconfined`? Then the engine or its libseccomp is too old for the image.',
		'用 `docker run --rm --security-opt seccomp=unconfined` 能否启动同一镜像？能则说明引擎或 libseccomp 对该镜像来说太旧。',
	),
	'env-variable-missing': say(
		'Is the value empty or absent in `docker compose config`?',
		'在 `docker compose config` 的输出中，该值是否为空或缺失？',
	),
	'env-value-mangled': say(
		'Compare the value in the `.env` file sign by sign with `docker compose exec SERVICE env`: `$`, `#`, `@`, quotes, a line end.',
		'将 `.env` 文件中的值与 `docker compose exec SERVICE env` 逐字比较：`$`、`#`、`@`、引号、行尾。',
	),
	'compose-invalid': say(
		'Does `docker compose config --quiet` complain?',
		'`docker compose config --quiet` 是否报错？',
	),
	'image-unavailable': say('Does `docker pull IMAGE` succeed by itself?', '单独执行 `docker pull IMAGE` 是否成功？'),
	'platform-mismatch': say(
		'Compare `docker image inspect --format {{.Architecture}} IMAGE` with `uname -m`.',
		'将 `docker image inspect --format {{.Architecture}} IMAGE` 与 `uname -m` 比较。',
	),
	'port-already-allocated': say(
		'Who holds the port: `docker ps` for containers, `ss -ltnp` for programs of the host?',
		'谁占用了端口：容器用 `docker ps` 查看，主机程序用 `ss -ltnp` 查看。',
	),
	'superuser-password-missing': say(
		'Is `POSTGRES_PASSWORD` empty in `docker compose config`, and the data directory empty?',
		'`docker compose config` 中的 `POSTGRES_PASSWORD` 是否为空，且数据目录为空？',
	),
	'data-dir-not-empty': say(
		'List the mounted directory: are there files and no `PG_VERSION`?',
		'查看挂载的目录：其中是否有文件但没有 `PG_VERSION`？',
	),
	'data-dir-emptied': say(
		'List the data directory: are `base`, `global` or whole files gone that were there before?',
		'查看数据目录：原有的 `base`、`global` 或整个文件是否不见了？',
	),
	'half-initialised': say(
		'Was the very first start interrupted? Then `pg_hba.conf` ends without `host all all all` or `global/pg_control` is missing.',
		'最初的启动是否被中断过？若是，`pg_hba.conf` 末尾没有 `host all all all`，或缺少 `global/pg_control`。',
	),
	'init-script-failed': say(
		'Read the database’s log of its very first start: which script was the last to be named?',
		'查看数据库首次启动的日志：最后提到的是哪个脚本？',
	),
	'init-scripts-skipped': say(
		'Is the volume older than the script? Scripts run on an empty data directory only.',
		'数据卷是否早于脚本？脚本只在数据目录为空时执行。',
	),
	'data-dir-permission': say(
		'Compare the owner of the data directory with the user of the server: `ls -ln` on the directory and `docker compose exec db id`.',
		'比较数据目录的属主与服务器的运行用户：对目录执行 `ls -ln`，并运行 `docker compose exec db id`。',
	),
	'data-dir-mode': say(
		'Does the data directory stay at another mode than 0700 after `chmod 700`? Then the mount can’t hold modes.',
		'执行 `chmod 700` 后，数据目录的权限是否仍不是 0700？若是，则该挂载无法保存权限。',
	),
	'read-only-filesystem': say(
		'Is `read_only` set in the Compose file, or the mount listed with `ro` in `docker inspect`?',
		'Compose 文件中是否设置了 `read_only`，或 `docker inspect` 中该挂载是否带有 `ro`？',
	),
	'stale-pid-lock': say(
		'Does any other container mount the same data? If none does, the lock is left over.',
		'是否有其他容器挂载同一数据？若没有，则该锁是遗留的。',
	),
	'two-servers-one-volume': say(
		'Do two running containers show the same volume or folder in `docker inspect`?',
		'`docker inspect` 中是否有两个运行中的容器使用同一个卷或目录？',
	),
	'socket-missing': say(
		'Does the client’s configuration name a host? Without one it looks for a socket in its own container.',
		'客户端配置中是否写了主机名？没有时，它会在自己的容器里寻找套接字。',
	),
	'config-invalid': say(
		'Does `postgres -C data_directory -D DIR` in the same image name the faulty line?',
		'在同一镜像中执行 `postgres -C data_directory -D DIR` 是否指出有错的行？',
	),
	'version-mismatch': say(
		'Compare `PG_VERSION` in the data directory with the tag of the image.',
		'将数据目录中的 `PG_VERSION` 与镜像标签比较。',
	),
	'pg18-mount-layout': say(
		'Is the image 18 or later and the volume mounted at `/var/lib/postgresql/data`?',
		'镜像是否为 18 或更高版本，而卷挂载在 `/var/lib/postgresql/data`？',
	),
	'starting-up': say(
		'Does the error stop by itself once the database’s log says `ready to accept connections`?',
		'数据库日志出现 `ready to accept connections` 后，错误是否自行消失？',
	),
	'crash-recovery': say(
		'Does the database’s log go on with `redo` and end with `ready to accept connections`?',
		'数据库日志是否继续出现 `redo`，并以 `ready to accept connections` 结束？',
	),
	'corruption-wal': say(
		'Does every start end at `could not locate a valid checkpoint record`? Copy the data before anything else.',
		'每次启动是否都止于 `could not locate a valid checkpoint record`？请先复制数据再做其他操作。',
	),
	'oom-killed': say(
		'Does the kernel’s log say `Memory cgroup out of memory`, or `docker inspect` show `OOMKilled`?',
		'内核日志是否有 `Memory cgroup out of memory`，或 `docker inspect` 是否显示 `OOMKilled`？',
	),
	'killed-not-oom': say(
		'Does the kernel’s log hold no word of memory at that time? Then a stop that took too long, or somebody, killed it.',
		'内核日志当时是否没有内存相关记录？若没有，则是停止超时或有人终止了它。',
	),
	'host-memory-pressure': say(
		'Does `free -m` show nearly nothing available, or the kernel’s log `CONSTRAINT_NONE`?',
		'`free -m` 是否显示几乎没有可用内存，或内核日志中有 `CONSTRAINT_NONE`？',
	),
	'disk-full': say(
		'Does `df -h` show 100 % for the file system of the data?',
		'数据所在文件系统在 `df -h` 中是否显示 100 %？',
	),
	'inode-exhausted': say(
		'Does `df -i` show 100 % although `df -h` does not?',
		'`df -i` 是否显示 100 %，而 `df -h` 没有？',
	),
	'shm-too-small': say(
		'Is `/dev/shm` of the database 64 MB in `df -h`, and do only large queries fail?',
		'数据库容器的 `/dev/shm` 在 `df -h` 中是否只有 64 MB，且只有大查询失败？',
	),
	'host-not-resolvable': say(
		'Is a container with this service name running, on a network of the client? A stopped container has no name: then read its log.',
		'客户端所在网络中，是否有该服务名的容器在运行？已停止的容器没有名称：此时请查看它的日志。',
	),
	'connection-refused': say(
		'Is the database running and ready while the client is still refused? Then host or port are wrong.',
		'数据库已运行并就绪，而客户端仍被拒绝？若是，则主机或端口有误。',
	),
	'network-detached': say(
		'Do both containers share a network in `docker inspect`? If they do, a firewall of the host stands between them.',
		'`docker inspect` 中两个容器是否在同一网络？若是，则是主机防火墙在中间拦截。',
	),
	'stale-volume-password': say(
		'Is the volume older than the last change of the password in `.env`, and are all clients refused alike?',
		'数据卷是否早于 `.env` 中密码的最近一次修改，且所有客户端同样被拒绝？',
	),
	'client-password-drift': say(
		'Does another client with another password get in? Compare the passwords of the services in `docker compose config`.',
		'是否有使用其他密码的客户端可以登录？比较 `docker compose config` 中各服务的密码。',
	),
	'role-missing': say(
		'Does the database’s own log add `Role … does not exist`, or does `\\du` not list it?',
		'数据库自身日志是否附有 `Role … does not exist`，或 `\\du` 中没有该角色？',
	),
	'role-without-password': say(
		'Does the database’s own log add `has no password assigned`?',
		'数据库自身日志是否附有 `has no password assigned`？',
	),
	'role-cannot-login': say(
		'Does `\\du` show `Cannot login`, a past date or a connection limit for the role?',
		'`\\du` 中该角色是否显示 `Cannot login`、已过期的日期或连接数限制？',
	),
	'database-missing': say('Does `\\l` list the database?', '`\\l` 中是否有该数据库？'),
	'hba-rejects': say(
		'Does a line of `pg_hba.conf` match the address, user, database and encryption that the message names?',
		'`pg_hba.conf` 中是否有一行匹配消息中的地址、用户、数据库和加密方式？',
	),
	'auth-method-unsupported': say(
		'How old is the client’s library? libpq before 10 knows no SCRAM.',
		'客户端库的版本有多旧？libpq 10 之前不支持 SCRAM。',
	),
	'wrong-server': say(
		'Does the same login show the attempt in the log of the database container? If not, another server answered.',
		'同样的登录是否出现在数据库容器的日志中？若没有，则应答的是另一个服务器。',
	),
	'exposed-to-internet': say(
		'Is the port published to all addresses in `docker ps`, and do the refused names belong to nobody?',
		'`docker ps` 中端口是否对所有地址发布，且被拒绝的名称不属于任何人？',
	),
	'corruption-page': say(
		'Does `pg_dump` fail at the same table each time? Copy the data before anything else.',
		'`pg_dump` 是否每次都在同一张表失败？请先复制数据再做其他操作。',
	),
	'collation-mismatch': say(
		'Does `datcollversion` differ from `pg_database_collation_actual_version(oid)` in `pg_database`?',
		'`pg_database` 中 `datcollversion` 与 `pg_database_collation_actual_version(oid)` 是否不同？',
	),
	'extension-missing': say(
		'Does `pg_available_extensions` list the extension?',
		'`pg_available_extensions` 中是否有该扩展？',
	),
	'extension-privilege': say(
		'Is the role that connects no superuser, while the extension is available?',
		'连接所用角色是否不是超级用户，而扩展本身可用？',
	),
	'schema-missing': say(
		'Is the database empty in `\\dt`, or is it another one than the application filled?',
		'`\\dt` 显示数据库是否为空，或这不是应用写入过的那个库？',
	),
	'migration-failed': say(
		'Which migration stopped first? Compare the version table with the files of the image.',
		'最先停下的是哪个迁移？将版本表与镜像中的迁移文件比较。',
	),
	wraparound: say('Is `age(datfrozenxid)` above 1.9 billion?', '`age(datfrozenxid)` 是否超过 19 亿？'),
	'too-many-connections': say(
		'Does `pg_stat_activity` hold as many rows as `max_connections`?',
		'`pg_stat_activity` 的行数是否达到 `max_connections`？',
	),
	'locks-or-slow': say(
		'Does `pg_blocking_pids(pid)` in `pg_stat_activity` name a session that waits for nothing?',
		'`pg_stat_activity` 中 `pg_blocking_pids(pid)` 是否指向一个不等待任何资源的会话？',
	),
	'replication-broken': say(
		'Does `pg_stat_replication` on the primary list the standby?',
		'主库的 `pg_stat_replication` 中是否有该备库？',
	),
	'slot-retains-wal': say(
		'Does `pg_replication_slots` hold an inactive slot with an old `restart_lsn`?',
		'`pg_replication_slots` 中是否有 `restart_lsn` 很旧的非活动槽？',
	),
	'redis-auth': say(
		'Compare the password in the client’s configuration with `requirepass` of redis.',
		'将客户端配置中的密码与 redis 的 `requirepass` 比较。',
	),
	'redis-misconf': say(
		'What does `rdb_last_bgsave_status` in `redis-cli INFO persistence` say?',
		'`redis-cli INFO persistence` 中的 `rdb_last_bgsave_status` 是什么？',
	),
	'redis-unreachable': say(
		'Is redis running, and does the client’s configuration name its service and not `localhost`?',
		'redis 是否在运行，且客户端配置中写的是其服务名而不是 `localhost`？',
	),
	'redis-aof-corrupt': say(
		'Does `redis-check-aof` or `redis-check-rdb` find a fault in the file?',
		'`redis-check-aof` 或 `redis-check-rdb` 是否在文件中发现错误？',
	),
	'nginx-upstream-down': say(
		'Is the service behind the proxy running? Its own log says why not.',
		'代理后面的服务是否在运行？原因在它自己的日志中。',
	),
	'nginx-stale-upstream': say(
		'Is the address in the proxy’s error another one than the container has now?',
		'代理错误中的地址是否与容器当前的地址不同？',
	),
	'healthcheck-noise': say(
		'Does the line come at the interval of the health check while the application works?',
		'该行是否按健康检查的间隔出现，而应用工作正常？',
	),
	'dependency-unhealthy': say(
		'Read the log of the container that is named as unhealthy: the cause is there.',
		'查看被指为 unhealthy 的容器的日志：原因在那里。',
	),
	'app-service-failing': say(
		'Are database, redis and proxy well? Then the cause is in this service’s own log.',
		'数据库、redis 和代理是否都正常？若是，原因在该服务自己的日志中。',
	),
};
