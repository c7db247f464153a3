import {connect} from 'node:net';

const protocol3 = 196_608;
const authentication = 'R'.charCodeAt(0);
const errorResponse = 'E'.charCodeAt(0);
const cannotConnectNow = '57P03';

function startupMessage(parameters: Record<string, string>): Buffer {
	const body = Buffer.from(`${Object.entries(parameters).flat().join('\0')}\0\0`, 'utf8');
	const head = Buffer.alloc(8);
	head.writeInt32BE(body.length + 8, 0);
	head.writeInt32BE(protocol3, 4);
	return Buffer.concat([head, body]);
}

/**
 * Knocks at a server and leaves before any password is asked for (PostgreSQL's documentation, "Message Flow: Start-up"), which
 * leaves no line in its log. Answers as pg_isready does: every error but 57P03 means that it accepts connections.
 */
export const knock = (
	address: {host: string; port: number},
	{milliseconds = 3000, signal}: {milliseconds?: number; signal?: AbortSignal} = {},
): Promise<'accepting' | 'rejecting' | 'no-answer'> =>
	new Promise(resolve => {
		const socket = connect(address);
		let heard = Buffer.alloc(0);
		const leave = (answer: 'accepting' | 'rejecting' | 'no-answer'): void => {
			socket.destroy();
			signal?.removeEventListener('abort', giveUp);
			resolve(answer);
		};
		const giveUp = (): void => leave('no-answer');
		signal?.addEventListener('abort', giveUp, {once: true});
		socket.setTimeout(milliseconds, giveUp);
		socket.once('error', giveUp);
		socket.once('connect', () => socket.write(startupMessage({user: 'postgres', database: 'template1'})));
		socket.on('data', chunk => {
			heard = Buffer.concat([heard, chunk]);
			if (heard[0] === authentication) leave('accepting');
			else if (heard[0] !== errorResponse) giveUp();
			else if (heard.length >= 5 && heard.length > heard.readInt32BE(1))
				leave(heard.includes(`C${cannotConnectNow}\0`) ? 'rejecting' : 'accepting');
		});
		socket.once('close', giveUp);
	});
