import {say, type Text} from '../core/say.ts';

/** Words for every answer of the tree, in both languages. */
const labels = {
	yes: say('yes', '是'),
	no: say('no', '否'),
	up: say('it answers', '有响应'),
	unreachable: say('no answer', '没有响应'),
	denied: say('not allowed', '无权限'),
	external: say('not needed: an external database', '不需要：外部数据库'),
	matters: say('yes, and a service that uses it fails', '是，而且使用它的服务出了故障'),
	'first-start': say('yes, for the first start of the database', '是，数据库首次启动需要它'),
	harmless: say('no', '没有'),
	mangled: say('yes', '是'),
	'url-broken': say('its URL can’t be read', '它的 URL 无法解析'),
	'no-password': say('the client sends none', '客户端没有给出密码'),
	intact: say('no', '没有'),
	running: say('running', '运行中'),
	stopped: say('not running', '未运行'),
	missing: say('no such container', '没有容器'),
	'no-superuser-password': say('no superuser password was given', '没有给出超级用户密码'),
	'something-else': say('something this version does not name', '本版本尚不能命名的原因'),
	accepting: say('yes', '是'),
	starting: say('not yet, it is starting', '还没有，正在启动'),
	stopping: say('no, it is stopping', '否，正在停止'),
	'not-listening': say('it does not listen there', '没有在该地址监听'),
	service: say('to a server of this deployment', '本部署的服务器'),
	'unknown-name': say('nowhere', '不存在'),
	'other-network': say('to a container on another network', '另一个网络上的容器'),
	loopback: say('to the client itself', '客户端自己'),
	outside: say('outside this deployment', '部署之外'),
	refused: say('refused', '被拒绝'),
	open: say('somebody listens', '有程序监听'),
	one: say('one server', '一个服务器'),
	several: say('several servers', '多个服务器'),
	fits: say('yes', '是'),
	elsewhere: say('no, but it fits another server here', '否，但与这里的另一个服务器相符'),
	drift: say('no, and another configuration does', '否，而另一处配置相符'),
	nobody: say('no, and nobody’s does', '否，所有配置都不相符'),
	'role-missing': say('there is no such role', '没有这个角色'),
	'role-elsewhere': say('no such role, but another server here has it', '没有这个角色，但这里的另一个服务器有'),
	'changed-on-its-way': say('no, it was changed on its way', '否，它在途中被改变了'),
	'no-stored-password': say('the role has no password', '该角色没有密码'),
	'database-missing': say('the database does not exist', '数据库不存在'),
	'hba-rejects': say('pg_hba.conf refuses', 'pg_hba.conf 拒绝'),
	'cannot-login': say('the role may not log in', '该角色不允许登录'),
	'md5-under-scram': say('the stored password is md5, the rule wants SCRAM', '保存的是 md5 密码，规则要求 SCRAM'),
	'other-refusal': say('refused for another reason', '因其他原因被拒绝'),
	killed: say('by the kernel, for lack of memory', '内存不足，被内核终止'),
	published: say('yes, with a default password', '是，并且使用默认密码'),
	closed: say('no', '没有'),
	'port-taken': say('its port is taken', '端口被占用'),
	'other-password': say('no, the passwords differ', '否，密码不一致'),
	'needless-password': say('no, it has no password and is given one', '否，它没有密码却收到了密码'),
	unreadable: say('no, it can’t read its own file', '否，它读不了自己的文件'),
	'refuses-writes': say('no, it can’t save and refuses writes', '否，无法保存并拒绝写入'),
	'old-address': say('no, it uses an address of before', '否，它仍使用旧地址'),
	'it-is-ill': say('no, and that is ill itself', '否，对方自身有故障'),
	'wrong-check': say('no, the service works', '否，服务其实正常'),
} satisfies Record<string, Text>;

export type Answer = keyof typeof labels;

export const labelOf = (answer: string): Text => {
	const label: Text | undefined = (labels as Record<string, Text>)[answer];
	if (!label) throw new Error(`no words for the answer ${answer}`);
	return label;
};
