import {expect, test} from 'vitest';
import {imageUser} from '../../source/core/image-user.ts';

const passwd = 'root:x:0:0:root:/root:/bin/sh\npostgres:x:70:71::/var/lib/postgresql:/bin/sh\n';
const group = 'root:x:0:\npostgres:x:71:\nstaff:x:50:\n';

test.each([
	['postgres', {uid: 70, gid: 71}],
	['70', {uid: 70, gid: 71}],
	['1000', {uid: 1000, gid: 0}],
	['1000:1000', {uid: 1000, gid: 1000}],
	['postgres:staff', {uid: 70, gid: 50}],
	['1000:postgres', {uid: 1000, gid: 71}],
	['shop', null],
	['postgres:shop', null],
	['', null],
])('user %j', (user, numbers) => {
	expect(imageUser(user, passwd, group)).toEqual(numbers);
});
