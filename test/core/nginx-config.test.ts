import {expect, test} from 'vitest';
import {targetsIn} from '../../source/core/nginx-config.ts';

test('plain names are fixed, names in variables are not', () => {
	const text = `
	server {
		resolver 127.0.0.11 valid=2s;
		set $api http://api:5001;
		location /api { proxy_pass $api; }
		location /web { proxy_pass http://web:3000/; }
		# location /old { proxy_pass http://gone:1; }
		location /plugin{proxy_pass http://$host_of_plugin:5002;}
	}`;
	expect(targetsIn(text)).toEqual([
		{host: 'api', port: 5001, fixed: false},
		{host: 'web', port: 3000, fixed: true},
	]);
});

test('one fixed mention of a name and port holds for all of them', () => {
	const text = 'set $a http://api:5001; location / { proxy_pass $a; } location /x { proxy_pass http://api:5001; }';
	expect(targetsIn(text)).toEqual([{host: 'api', port: 5001, fixed: true}]);
});

test('groups are their servers; sockets are nobody’s', () => {
	const text = `
	upstream back { least_conn; server api:5001 max_fails=2; server api-2:5001 resolve; server unix:/run/x.sock; }
	location / { proxy_pass http://back; }
	location /php { fastcgi_pass php:9000; }
	location /tls { proxy_pass https://secure; }`;
	expect(targetsIn(text)).toEqual([
		{host: 'api', port: 5001, fixed: true},
		{host: 'api-2', port: 5001, fixed: false},
		{host: 'php', port: 9000, fixed: true},
		{host: 'secure', port: 443, fixed: true},
	]);
});
