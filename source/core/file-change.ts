import type {EditScope} from './compose-edit.ts';
import type {MountChange} from './compose-mount.ts';
import type {ServiceEdit} from './compose-service-edit.ts';

/** A value that goes into a file: plain text, or a secret named by reference. */
export type NewValue = {text: string} | {secret: string};

/** How much of a value is replaced: all of it, or one part of the connection URL that it is. */
export type ValuePart = 'whole' | 'password' | 'address';

type Common = {
	/** `reserved`: only when the secret holds a character that a URL reserves; nothing is changed otherwise. */
	when?: 'always' | 'reserved';
	part: ValuePart;
};

/** One change of one file. Plain JSON without secrets: part of a step's input. */
export type FileChange =
	/** A variable of an env file. `encoded` writes the value percent-encoded. */
	| (Common & {kind: 'variable'; name: string; value: NewValue; encoded?: boolean})
	/** A variable of a service in a Compose file. A reference becomes `${NAME}` there; `onlyWhen` names the secret that `when` asks about. */
	| (Common & {
			kind: 'environment';
			service: string;
			variable: string;
			scope: EditScope;
			value: NewValue | {reference: string; onlyWhen?: string};
	  })
	/** Values of one service in a Compose file. `shown` is the difference that was shown: other lines than those are never changed. */
	| {kind: 'service'; service: string; edits: readonly ServiceEdit[]; shown: string}
	/** A setting of a `postgresql.conf`. */
	| {kind: 'setting'; name: string; value: {text: string}}
	/** A named volume that a Compose file declares from now on. `shown` as above. */
	| {kind: 'volume'; key: string; shown: string}
	/** Another mount in the place of one that a service has. */
	| ({kind: 'mount'} & MountChange)
	/** A file that holds nothing but the value, such as a Docker secret. */
	| {kind: 'content'; value: NewValue};

/** A change that is worked out and kept, not written. Hashes are SHA-256 in hex. */
export type PreparedChange = {
	changes: boolean;
	/** Where the bytes of now are kept; null when there is no file yet. */
	old: string | null;
	oldHash: string | null;
	wanted: string;
	wantedHash: string;
};
