import {randomBytes} from 'node:crypto';
import {say} from '../core/say.ts';
import {evidentReadings} from '../core/scram.ts';
import {Secret} from '../core/secret.ts';
import {Trouble} from '../core/trouble.ts';
import type {Credential, ReadWorld} from '../core/world.ts';
import type {Keep} from '../core/write-world.ts';
import {restoredPassword} from './restored-password.ts';

type Parts = {
	world: ReadWorld;
	keep: Keep;
	settings: ReadonlyMap<string, Secret>;
	remember: (secret: Secret) => void;
	signal: AbortSignal;
};

/** Where a typed answer is kept, so that a broken fix can go on or be undone by another run. */
export const keptSetting = (key: string): string => `setting-${key}`;

const gone = (reference: string): Trouble =>
	new Trouble(
		'no-secret',
		say(`The password \`${reference}\` is not at hand any more.`, `密码 \`${reference}\` 已不可用。`),
		{
			next: say(
				'Run the diagnosis again and plan anew; `compose-medic undo` takes back what was begun.',
				'请重新诊断并制定方案；`compose-medic undo` 可撤销已经开始的更改。',
			),
		},
	);

/** Letters and digits only: it fits in every file, URL and shell without a quote. */
const generate = (): Secret =>
	new Secret(
		randomBytes(24)
			.toString('base64')
			.replace(/[^A-Za-z0-9]/g, '')
			.padEnd(28, 'x')
			.slice(0, 28),
	);

/** What a client was meant to have got: proven against the server, by its stored verifier or else by logins. */
async function meant(
	world: ReadWorld,
	database: string,
	credential: Credential,
	signal: AbortSignal,
): Promise<Secret | null> {
	try {
		return await restoredPassword(world, database, credential, signal);
	} catch (error) {
		if (!(error instanceof Trouble) || error.code !== 'socket-denied' || !credential.password) throw error;
		for (const password of [
			credential.password,
			...evidentReadings(credential.password).map(reading => reading.password),
		])
			if ((await world.database(database).login(credential, {password, signal})).outcome === 'ok') return password;
		return null;
	}
}

/**
 * Opens the references that plans use for passwords: a credential's id, `setting:<key>`, `candidate:<n>` (its place in
 * `world.candidates()`), `keep:<name>`, `meant:<database>|<credential>` (what a mangled value was meant to be), `generated`.
 * @throws Trouble `no-secret` when there is nothing behind it
 */
export const createReferences =
	({world, keep, settings, remember, signal}: Parts) =>
	async (reference: string): Promise<Secret> => {
		const [kind = '', rest = ''] = reference.includes(':')
			? [reference.slice(0, reference.indexOf(':')), reference.slice(reference.indexOf(':') + 1)]
			: [reference];
		const credential = async (id: string): Promise<Credential | null> =>
			(await world.credentials()).find(one => one.id === id) ?? null;
		const find = async (): Promise<Secret | null> => {
			switch (kind) {
				case 'setting':
					return settings.get(rest) ?? (await keep.getSecret(keptSetting(rest)));
				case 'candidate':
					return (await world.candidates())[Number(rest)]?.password ?? null;
				case 'keep':
					return keep.getSecret(rest);
				case 'generated':
					return (await keep.getSecret('generated')) ?? keep.getSecret(await keep.put('generated', generate()));
				case 'meant': {
					const at = rest.indexOf('|');
					const found = await credential(rest.slice(at + 1));
					return found && meant(world, rest.slice(0, at), found, signal);
				}
				default:
					return (await credential(reference))?.password ?? null;
			}
		};
		const secret = await find();
		if (!secret) throw gone(reference);
		remember(secret);
		return secret;
	};
