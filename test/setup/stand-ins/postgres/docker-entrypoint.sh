#!/usr/bin/env bash
# Starts PostgreSQL as the official image does where deployments (and their troubles) can see it: the phases, the
# messages people search for, ownership and modes, pg_hba.conf, and the server as PID 1. Written for these tests.
set -Eeo pipefail

initialise_folder=/docker-entrypoint-initdb.d

# value_of NAME DEFAULT: the variable itself, or the content of the file that NAME_FILE names; never both.
value_of() {
	local name=$1 file_name=${1}_FILE value=$2
	if [[ -n ${!name:-} && -n ${!file_name:-} ]]; then
		echo >&2 "error: both $name and $file_name are set (but are exclusive)"
		exit 1
	fi
	if [[ -n ${!name:-} ]]; then
		value=${!name}
	elif [[ -n ${!file_name:-} ]]; then
		value=$(<"${!file_name}")
	fi
	export "$name=$value"
	unset "$file_name"
}

read_settings() {
	value_of POSTGRES_PASSWORD ''
	value_of POSTGRES_USER postgres
	value_of POSTGRES_DB "$POSTGRES_USER"
	value_of POSTGRES_INITDB_ARGS ''
	: "${POSTGRES_HOST_AUTH_METHOD:=}"
	initialised=
	if [[ -s $PGDATA/PG_VERSION ]]; then initialised=yes; fi
}

# Images of 18 and later keep their data elsewhere and refuse the place of before, also when nothing is in it.
refuse_old_layout() {
	[[ -z $initialised && $PG_MAJOR -ge 18 && $PGDATA == /var/lib/postgresql/$PG_MAJOR/docker ]] || return 0
	local folder old=()
	for folder in /var/lib/postgresql /var/lib/postgresql/data /var/lib/postgresql/*/docker; do
		if [[ -s $folder/PG_VERSION ]]; then old+=("$folder"); fi
	done
	if ((${#old[@]} == 0)) && mountpoint -q /var/lib/postgresql/data; then
		old+=('/var/lib/postgresql/data (unused mount/volume)')
	fi
	if ((${#old[@]} == 0)); then return 0; fi
	cat >&2 <<-MESSAGE
		Error: in 18+, these Docker images are configured to store database data in a
		       folder of its own for each major version; mount a volume at /var/lib/postgresql.

		       Counter to that, there appears to be PostgreSQL data in:
		         ${old[*]}
	MESSAGE
	exit 1
}

# Runs at every start: a folder that somebody made as root, or opened too wide, heals here.
prepare_folders() {
	mkdir -p "$PGDATA"
	chmod 0700 "$PGDATA" || :
	mkdir -p /var/run/postgresql || :
	chmod 3777 /var/run/postgresql || :
	if [[ -n ${POSTGRES_INITDB_WALDIR:-} ]]; then
		mkdir -p "$POSTGRES_INITDB_WALDIR"
		if ((UID == 0)); then find "$POSTGRES_INITDB_WALDIR" \! -user postgres -exec chown postgres '{}' +; fi
		chmod 0700 "$POSTGRES_INITDB_WALDIR"
	fi
	if ((UID == 0)); then
		find "$PGDATA" \! -user postgres -exec chown postgres '{}' +
		find /var/run/postgresql \! -user postgres -exec chown postgres '{}' +
	fi
}

require_password() {
	if [[ -z $POSTGRES_PASSWORD && $POSTGRES_HOST_AUTH_METHOD != trust ]]; then
		cat >&2 <<-'MESSAGE'
			Error: Database is uninitialized and superuser password is not specified.
			       Set POSTGRES_PASSWORD to a non-empty value, for example "-e POSTGRES_PASSWORD=password".
			       (POSTGRES_HOST_AUTH_METHOD=trust would let everybody in without one; not recommended.)
		MESSAGE
		exit 1
	fi
	if [[ $POSTGRES_HOST_AUTH_METHOD == trust ]]; then
		echo >&2 'WARNING: POSTGRES_HOST_AUTH_METHOD is "trust": anyone with access to the port gets in without a password.'
	fi
}

make_cluster() {
	local arguments=()
	eval "arguments=($POSTGRES_INITDB_ARGS)"
	if [[ -n ${POSTGRES_INITDB_WALDIR:-} ]]; then arguments+=(--waldir "$POSTGRES_INITDB_WALDIR"); fi
	initdb --username="$POSTGRES_USER" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") "${arguments[@]}"
	local method=$POSTGRES_HOST_AUTH_METHOD
	# A server parameter that is wrong stops the first start here, with a cluster that looks complete and is not.
	if [[ -z $method ]]; then method=$(postgres -C password_encryption "$@"); fi
	{
		echo
		if [[ $method == trust ]]; then echo '# warning trust is enabled for all connections'; fi
		echo "host all all all $method"
	} >>"$PGDATA/pg_hba.conf"
}

query() { psql -v ON_ERROR_STOP=1 --no-password --no-psqlrc --username "$POSTGRES_USER" "$@"; }

run_init_files() {
	local file
	echo
	for file in "$initialise_folder"/*; do
		case $file in
		*.sh)
			if [[ -x $file ]]; then
				echo "$0: running $file"
				"$file"
			else
				echo "$0: sourcing $file"
				. "$file"
			fi
			;;
		*.sql) echo "$0: running $file"; query --dbname "$POSTGRES_DB" -f "$file"; echo ;;
		*.sql.gz) echo "$0: running $file"; gunzip -c "$file" | query --dbname "$POSTGRES_DB"; echo ;;
		*) echo "$0: ignoring $file" ;;
		esac
		echo
	done
}

# The server of the first start listens on the socket only, so nobody from outside meets it half made.
first_start() {
	require_password
	ls "$initialise_folder/" >/dev/null
	make_cluster "$@"
	export PGPASSWORD=${PGPASSWORD:-$POSTGRES_PASSWORD}
	PGUSER=$POSTGRES_USER pg_ctl -D "$PGDATA" -w start -o "$(printf '%q ' "$@" -c listen_addresses= -p "${PGPORT:-5432}")"
	if [[ -z $(query --dbname postgres -At -v "name=$POSTGRES_DB" <<<"select 1 from pg_database where datname = :'name'") ]]; then
		query --dbname postgres -v "name=$POSTGRES_DB" <<<'create database :"name"'
		echo
	fi
	run_init_files
	PGUSER=$POSTGRES_USER pg_ctl -D "$PGDATA" -m fast -w stop
	unset PGPASSWORD
	printf '\nPostgreSQL init process complete; ready for start up.\n\n'
}

asks_only() {
	local argument
	for argument; do
		case $argument in -'?' | --help | --describe-config | -V | --version | -C) return 0 ;; esac
	done
	return 1
}

if [[ ${1:0:1} == - ]]; then set -- postgres "$@"; fi
if [[ $1 == postgres ]] && ! asks_only "$@"; then
	read_settings
	prepare_folders
	if ((UID == 0)); then exec gosu postgres "$BASH_SOURCE" "$@"; fi
	if [[ $initialised ]]; then
		printf '\nPostgreSQL Database directory appears to contain a database; Skipping initialization\n\n'
	else
		refuse_old_layout
		first_start "${@:2}"
	fi
fi
exec "$@"
