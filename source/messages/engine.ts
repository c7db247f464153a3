import {anyOf, type Message} from '../core/message.ts';

/** What is said about the engine. */
export const engineMessages: readonly Message[] = [
	// docker-unreachable
	{
		id: 'daemon-not-reached',
		by: 'docker',
		says: anyOf(
			/cannot connect to the docker daemon/i,
			/is the docker daemon running/i,
			/error during connect: /i,
			/couldn't connect to docker daemon/i,
			/(?:failed to connect to the docker API|open \/\/\.\/pipe\/docker[\w-]{0,80}: the system cannot find|error while fetching server API version)/i,
		),
		speaksFor: {'docker-unreachable': 9},
	},
	{
		id: 'daemon-socket-missing',
		by: 'docker',
		says: anyOf(
			/dial unix \S{0,80}docker\S{0,80}\.sock: connect: (?:no such file or directory|connection refused)/i,
			/unix:\/\/\S{0,80}docker\S{0,80}\.sock\b.{0,120}no such file or directory/i,
		),
		speaksFor: {'docker-unreachable': 9},
	},
	{
		id: 'daemon-does-not-start',
		by: 'docker',
		says: anyOf(
			/failed to start daemon: /i,
			/failed to start docker application container engine/i,
			/job for docker\.service failed/i,
			/docker desktop (?:is unable to start|stopped|is not running)/i,
			/failed to start containerd/i,
			/docker\.service: (?:failed with result|start request repeated too quickly)/i,
			/WSL (?:integration|distro)\b.{0,60}(?:terminated|stopped) unexpectedly/i,
		),
		speaksFor: {'docker-unreachable': 8},
	},
	{
		id: 'daemon-connection-aborted',
		by: 'docker',
		says: /docker\.errors\.DockerException: Error while fetching server API version: \('Connection aborted\.', (?:FileNotFoundError|ConnectionRefusedError)/i,
		speaksFor: {'docker-unreachable': 9},
	},
	// docker-permission-denied
	{
		id: 'daemon-denied',
		by: 'docker',
		says: anyOf(
			/permission denied while trying to connect to the docker (?:daemon|API)/i,
			/dial unix \S{0,80}docker\S{0,80}\.sock: connect: permission denied/i,
			/unix \S{0,80}docker\S{0,80}\.sock: connect: permission denied/i,
			/'Connection aborted\.', PermissionError\(13/i,
			/is not part of the docker group/i,
			/docker: permission denied\b/i,
		),
		speaksFor: {'docker-permission-denied': 10},
		speaksAgainst: {'docker-unreachable': 6},
	},
	{
		id: 'daemon-denied-by-desktop',
		by: 'docker',
		says: anyOf(
			/open \/\/\.\/pipe\/docker[\w-]{0,80}: access is denied/i,
			/docker daemon is not accessible/i,
			/in the default daemon configuration on windows, the docker client must be run (?:with|elevated)/i,
		),
		speaksFor: {'docker-permission-denied': 7, 'docker-unreachable': 4},
	},
	// engine-too-old
	{
		id: 'api-version-refused',
		by: 'docker',
		says: anyOf(
			/client version \d\.\d{1,12} is too (?:new|old)\. (?:maximum|minimum) supported API version/i,
			/(?:requires|needs) (?:docker )?API version \d\.\d{1,12}, but the docker (?:daemon|server) API version is/i,
			/server API version is older than the client API version/i,
		),
		speaksFor: {'engine-too-old': 10},
	},
	{
		id: 'compose-plugin-missing',
		by: 'docker',
		says: anyOf(
			/'compose' is not a docker command/i,
			/unknown shorthand flag: '[a-z]' in -[a-z]/i,
			/docker-compose: command not found/i,
			/docker: unknown command: docker compose/i,
			/unknown docker command: "compose/i,
		),
		speaksFor: {'engine-too-old': 7},
	},
	{
		id: 'compose-too-old',
		by: 'compose',
		says: anyOf(
			/version in "?\S{0,200}"? is unsupported/i,
			/you might be seeing this error because you're using the wrong compose file version/i,
			/unsupported config option for (?:services|volumes|networks)/i,
			/unsupported compose file version/i,
			/requires (?:docker )?compose v?\d{1,12}\.\d{1,12}(?:\.\d{1,12})? or (?:later|newer|above)/i,
			/'(?:name|include|develop|additional_contexts)' does not match any of the regexes/i,
		),
		speaksFor: {'engine-too-old': 6, 'compose-invalid': 5.5},
	},
	{
		id: 'compose-python-too-old',
		by: 'compose',
		says: anyOf(
			/docker-compose\/cli\/main\.py/i,
			/compose\/cli\/main\.py", line \d{1,12}/i,
			/KeyError: 'ContainerConfig'/i,
			/TypeError: kwargs_from_env\(\) got an unexpected keyword argument 'ssl_version'/i,
			/URLSchemeUnknown: Not supported URL scheme http\+docker/i,
			/not supported URL scheme http\+docker/i,
		),
		speaksFor: {'engine-too-old': 6},
	},
	{
		id: 'manifest-too-new',
		by: 'docker',
		says: anyOf(
			/unsupported manifest (?:media type|version)/i,
			/media type "?application\/vnd\.(?:docker|oci)\S{1,200} is no longer supported/i,
			/missing signature key/i,
			/mediaType in manifest should be/i,
			/Encountered remote "application\/vnd\.oci\.image\.(?:index|manifest)/i,
		),
		speaksFor: {'engine-too-old': 7, 'image-unavailable': 5},
	},
	// seccomp-blocked
	{
		id: 'thread-blocked',
		by: 'app',
		says: anyOf(
			/pthread_create failed(?:: Operation not permitted| \(EPERM\))/i,
			/RuntimeError: can't start new thread/i,
			/uv_thread_create\(/i,
			/Failed to create (?:a )?(?:new )?thread: Operation not permitted/i,
			/unable to create native thread/i,
			/thread constructor failed: Operation not permitted/i,
			/std::system_error\S{0,40} .{0,60}Operation not permitted/i,
			/failed to spawn thread: Os \{ code: 1/i,
		),
		speaksFor: {'seccomp-blocked': 7, 'host-memory-pressure': 3},
	},
	{
		id: 'needed-program-not-found-by-initdb',
		by: 'postgres',
		says: anyOf(
			/program "postgres" is needed by initdb but was not found/i,
			/popen failure: (?:Cannot allocate memory|Operation not permitted)/i,
			/no data was returned by command ""?\/\S{0,80}postgres"? -V/i,
		),
		speaksFor: {'seccomp-blocked': 8, 'host-memory-pressure': 2},
	},
	{
		id: 'write-blocked',
		by: 'postgres',
		says: /could not (?:write to|fsync|open|stat|preallocate|truncate)\b[^:]{0,200}(?:pg_wal|pg_xlog|global|base|postmaster\.pid|xlogtemp)[^:]{0,200}: Operation not permitted/i,
		speaksFor: {'seccomp-blocked': 7, 'data-dir-permission': 5},
	},
	{
		id: 'entrypoint-blocked',
		by: 'entrypoint',
		says: anyOf(
			/ls: cannot (?:access|open directory) '?\/docker-entrypoint-initdb\.d\/?'?: Operation not permitted/i,
			/\/docker-entrypoint\.sh: (?:line \d{1,12}: )?\S{0,60}: Operation not permitted/i,
			/exec \S{0,80}docker-entrypoint\.sh: operation not permitted/i,
		),
		speaksFor: {'seccomp-blocked': 7, 'data-dir-permission': 3},
	},
	{
		id: 'clock-blocked',
		by: 'app',
		says: anyOf(
			/(?:clock_gettime|could not (?:get|read) (?:the )?(?:current )?time|date: cannot|gettimeofday|failed to get (?:current )?time)\b.{0,80}(?:Operation not permitted|Function not implemented)/i,
			/Fatal Python error: (?:_?PyTime_Init|pyinit_main: can't initialize time)/i,
			/init_interp_main: can't initialize time/i,
		),
		speaksFor: {'seccomp-blocked': 9},
	},
	{
		id: 'io-uring-blocked',
		by: 'postgres',
		says: anyOf(
			/could not setup io_uring queue/i,
			/io_uring_queue_init\S{0,20} failed/i,
			/io_uring\S{0,40}: Operation not permitted/i,
		),
		speaksFor: {'seccomp-blocked': 9},
	},
	{
		id: 'syscall-blocked',
		by: 'kernel',
		says: anyOf(
			/type=1326 audit/i,
			/audit: type=1326/i,
			/seccomp\S{0,40}: (?:blocked|denied|bad)/i,
			/seccomp profile/i,
			/seccomp: config provided but seccomp not supported/i,
			/apparmor="DENIED"/i,
			/AVC apparmor="DENIED"/i,
			/avc: {1,4}denied {1,4}\{/i,
		),
		speaksFor: {'seccomp-blocked': 7, 'data-dir-permission': 2},
	},
	{
		id: 'image-needs-newer-host',
		by: 'app',
		says: anyOf(
			/Fatal glibc error/i,
			/kernel too old/i,
			/GPG error: .{0,200}At least one invalid signature was encountered/i,
			/version `GLIBC_[\d.]{1,80}' not found/i,
		),
		speaksFor: {'seccomp-blocked': 5, 'platform-mismatch': 4.5},
	},
	{
		id: 'runtime-could-not-create',
		by: 'docker',
		says: anyOf(
			/OCI runtime create failed/i,
			/failed to create (?:shim|task for container|runc console socket)/i,
			/runc did not terminate successfully/i,
			/error running hook/i,
			/failed to create shim task/i,
		),
		speaksFor: {'compose-invalid': 2, 'seccomp-blocked': 1.5, 'app-service-failing': 1.5},
	},
];
