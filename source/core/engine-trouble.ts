import {say, verbatim} from './say.ts';
import {exitCode, Trouble} from './trouble.ts';

/** The engine can't be asked at all. `kind` tells nobody-there from not-allowed. */
export class EngineTrouble extends Trouble {
	readonly kind: 'unreachable' | 'denied';
	/** Such as `unix:///var/run/docker.sock`. */
	readonly endpoint: string;
	readonly user: string;
	/** What the operating system or the engine said. */
	readonly says: string;

	constructor(
		kind: 'unreachable' | 'denied',
		details: {endpoint: string; user: string; says: string; cause?: unknown},
	) {
		const {endpoint, user, says, cause} = details;
		const unreachable = kind === 'unreachable';
		super(
			unreachable ? 'engine-unreachable' : 'engine-denied',
			unreachable
				? say(`The Docker engine does not answer at \`${endpoint}\`.`, `\`${endpoint}\` 上的 Docker 引擎没有响应。`)
				: say(
						`User ${user} may not talk to the Docker engine at \`${endpoint}\`.`,
						`用户 ${user} 无权访问 \`${endpoint}\` 上的 Docker 引擎。`,
					),
			{
				why: verbatim(says),
				next: unreachable
					? say(
							'Start the engine (`systemctl start docker`, or open Docker Desktop), or name the right one with `--host` or `--context`.',
							'启动引擎（`systemctl start docker`，或打开 Docker Desktop），或用 `--host`、`--context` 指定正确的引擎。',
						)
					: say(
							'Run it once with `sudo`, or join the group with `sudo usermod -aG docker $USER` and log in again.',
							'用 `sudo` 运行一次，或执行 `sudo usermod -aG docker $USER` 加入该组后重新登录。',
						),
				exitCode: exitCode.engineUnreachable,
				cause,
			},
		);
		this.kind = kind;
		this.endpoint = endpoint;
		this.user = user;
		this.says = says;
	}
}
