import {expect, test} from 'vitest';
import {helperLabel, ReadGuard} from '../../source/world/read-guard.ts';

const body = (host: Record<string, unknown> = {}) => ({Labels: {[helperLabel]: '1'}, HostConfig: host});
const ask =
	(method: string, path: string, given?: unknown, guard = new ReadGuard()) =>
	() =>
		guard.check({method, path, body: given});

test.each([
	['GET', '/containers/json?'],
	['GET', '/v1.41/containers/abc/logs?tail=1'],
	['HEAD', '/containers/abc/archive?path=/x'],
	['POST', '/containers/abc/exec'],
	['POST', '/exec/def/start'],
])('%s %s passes', (method, path) => {
	expect(ask(method, path)).not.toThrow();
});

test.each([
	['POST', '/containers/abc/start'],
	['POST', '/containers/abc/stop?t=1'],
	['POST', '/containers/abc/restart'],
	['POST', '/containers/abc/kill'],
	['POST', '/containers/abc/attach?stream=1'],
	['POST', '/containers/abc/wait'],
	['POST', '/containers/abc/update'],
	['POST', '/containers/abc/rename?name=x'],
	['POST', '/containers/prune'],
	['PUT', '/containers/abc/archive?path=/x'],
	['DELETE', '/containers/abc?force=1'],
	['DELETE', '/volumes/data'],
	['POST', '/volumes/create'],
	['POST', '/networks/net/connect'],
	['POST', '/images/create?fromImage=x'],
	['POST', '/exec/def/resize?h=1'],
	['GET', '/containers/abc/attach/ws?stdin=1'],
])('%s %s is refused', (method, path) => {
	expect(ask(method, path)).toThrow(/refuses/);
});

test.each([
	['no label', {Labels: {}, HostConfig: {}}],
	['no body', undefined],
	['a writable bind', body({Binds: ['/data:/data']})],
	['a bind that says rw', body({Binds: ['/data:/data:rw']})],
	['a writable mount', body({Mounts: [{Type: 'volume', Source: 'v', Target: '/v'}]})],
	['a port', body({PortBindings: {'80/tcp': [{HostPort: '80'}]}})],
	['all ports', body({PublishAllPorts: true})],
	['privileges', body({Privileged: true})],
	['a capability', body({CapAdd: ['SYS_ADMIN']})],
	["another container's volumes", body({VolumesFrom: ['db']})],
	['shared process ids', body({PidMode: 'host'})],
	['a restart policy', body({RestartPolicy: {Name: 'always'}})],
])('a helper with %s is refused', (_, given) => {
	expect(ask('POST', '/containers/create?name=x', given)).toThrow(/refuses/);
});

test('a harmless helper passes, and its own life with it', () => {
	const guard = new ReadGuard();
	const harmless = body({
		Binds: ['/a:/b:ro'],
		Mounts: [
			{Type: 'volume', Source: 'v', Target: '/v', ReadOnly: true},
			{Type: 'tmpfs', Target: '/t'},
		],
	});
	expect(ask('POST', '/containers/create', harmless, guard)).not.toThrow();
	expect(ask('POST', '/containers/mine/start', undefined, guard)).toThrow(/not created here/);
	guard.created('mine');
	for (const action of ['start', 'attach?x=1', 'wait?condition=next-exit'])
		expect(ask('POST', `/containers/mine/${action}`, undefined, guard)).not.toThrow();
	expect(ask('DELETE', '/containers/mine?force=1&v=1', undefined, guard)).not.toThrow();
	expect(ask('POST', '/containers/mine/stop', undefined, guard)).toThrow();
	expect(ask('DELETE', '/containers/theirs', undefined, guard)).toThrow();
	expect(ask('DELETE', '/containers/mine/start', undefined, guard)).toThrow();
});
