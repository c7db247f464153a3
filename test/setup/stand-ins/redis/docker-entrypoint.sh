#!/bin/sh
# Options or a configuration file alone mean redis-server, which steps down from root.
set -e
case ${1:-} in -* | *.conf) set -- redis-server "$@" ;; esac
if [ "$1" = redis-server ]; then
	# The official build answers other containers without a password being set; Debian's is protected by default.
	case " $* " in *protected-mode*) ;; *) set -- "$@" --protected-mode no ;; esac
	if [ "$(id -u)" = 0 ]; then
		find . \! -user redis -exec chown redis '{}' +
		exec gosu redis "$@"
	fi
fi
exec "$@"
