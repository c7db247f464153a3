import {say} from '../core/say.ts';
import {step} from '../core/step.ts';
import {Trouble} from '../core/trouble.ts';
import {describeSecret} from './parts/edit-file.ts';

type Input = {
	/** Database service, '' for an external database. */
	database: string;
	/** The client by whose route is logged in. */
	credential: string;
	secret: string;
};

/** Tries a password before anything is changed for it: one real login, by the client's own route. */
export const provePassword = step<Input, Record<string, never>>({
	id: 'prove-password',
	risk: 'none',
	says({credential, secret}) {
		const what = describeSecret(secret);
		return say(
			`Try ${what.en} with a real login, as \`${credential}\` would`,
			`以 \`${credential}\` 的方式实际登录，检验${what.zh}`,
		);
	},
	like: () =>
		'docker run --rm --network <the client’s network> <database image> psql -h <host> -U <user> -d <database>  # password by stdin',
	before: async () => ({}),
	async apply({database, credential: id, secret}, _before, world) {
		const credential = (await world.credentials()).find(one => one.id === id);
		if (!credential)
			throw new Trouble(
				'no-credential',
				say(`There is no credential \`${id}\` any more.`, `凭据 \`${id}\` 已不存在。`),
			);
		const result = await world
			.database(database)
			.login(credential, {password: await world.secret(secret), signal: world.signal});
		if (
			result.outcome !== 'refused' ||
			(result.sqlstate !== '28P01' && !/password authentication failed/.test(result.message))
		)
			return;
		throw new Trouble(
			'password-wrong',
			say('The server refuses this password, so nothing was changed.', '服务器拒绝该密码，因此没有做任何更改。'),
			{
				next: say(
					'Give another one, or let `fix change-password` set the configured one.',
					'请换一个密码，或用 `fix change-password` 设为配置中的密码。',
				),
			},
		);
	},
	undo: say('Trying changes nothing.', '尝试登录不会改变任何东西。'),
});
