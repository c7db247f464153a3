import type {Cure} from './cure.ts';

export const sessionCures: Cure[] = [
	{fault: 'too-many-connections-altered', fix: 'raise-max-connections', killOnDemand: 1},
	{fault: 'too-many-connections-file', fix: 'raise-max-connections'},
	{fault: 'too-many-connections', fix: 'terminate-idle', settings: ['--set', 'older-than=5'], nothingToUndo: true},
	// Where every slot is taken nobody could count the rows after a way back.
	{fault: 'too-many-connections-reserved', fix: 'raise-max-connections'},
	{
		fault: 'too-many-connections-reserved',
		fix: 'terminate-idle',
		settings: ['--set', 'older-than=5'],
		nothingToUndo: true,
	},
	{fault: 'locks-or-slow', fix: 'terminate-blockers', nothingToUndo: true},
	{fault: 'extension-missing-not-created', fix: 'extension-missing', kill: 1},
	{fault: 'extension-privilege', fix: 'create-extension'},
	{fault: 'slot-retains-wal', fix: 'drop-slot', nothingToUndo: true},
	// A version that was true once is not written back.
	{fault: 'collation-mismatch', fix: 'refresh-collation', nothingToUndo: true},
	{fault: 'schema-privilege', fix: 'grant-schema'},
	{fault: 'wraparound-near', fix: 'vacuum-freeze', nothingToUndo: true},
];
