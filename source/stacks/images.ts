import type {Role} from '../core/deployment.ts';
import type {Container} from '../core/world.ts';

/** The last part of an image's name, without registry, tag and digest. */
const baseName = (image: string): string =>
	(image.split('@')[0] ?? '').split('/').at(-1)?.split(':')[0]?.toLowerCase() ?? '';

// Tools for PostgreSQL that are no servers carry its name as well.
const notAServer = /backup|exporter|pgadmin|postgrest|bouncer|pgpool|pgcat|adminer|client|operator/;
const servers =
	/^(?:postgres(?:ql)?(?:[-_].*)?|postgis|timescaledb(?:-ha)?|pgvector|pgvecto-rs|vchord-postgres|citus|pgautoupgrade|paradedb|.*-postgres(?:ql)?)$/;
const proxies = /^(?:nginx(?:[-_].*)?|openresty|traefik|caddy|haproxy|httpd|envoy|nginx-proxy-manager)$/;
const caches = /^(?:redis(?:[-_].*)?|valkey|keydb|dragonfly|memcached)$/;
const strangers =
	/^(?:mysql|mariadb|mongo(?:db)?|elasticsearch|opensearch|minio|rabbitmq|kafka|zookeeper|clickhouse(?:-server)?|weaviate|qdrant|milvus|chroma|etcd|certbot|squid|pgadmin4?|adminer|mailhog|prometheus|grafana)$/;

/** What part a container plays, told from its image and from where its data is mounted. */
export function roleFromImage({image, mounts}: Container): Role {
	const name = baseName(image);
	if (servers.test(name) && !notAServer.test(name)) return 'database';
	if (proxies.test(name)) return 'proxy';
	if (caches.test(name)) return 'cache';
	if (strangers.test(name)) return 'other';
	if (notAServer.test(name)) return 'client';
	// An image of one's own, or one that is known by its digest only, still keeps its data where the official image does.
	return mounts.some(({destination}) => destination.startsWith('/var/lib/postgresql')) ? 'database' : 'client';
}
