/** One fix that cures one lab fault, and what is known of it. Each is healed, healed twice, broken off and taken back. */
export type Cure = {
	fault: string;
	/** A diagnosis (its recommended fix is taken) or a fix. */
	fix: string;
	settings?: string[];
	stdin?: (secrets: Record<string, string>) => string;
	/** What a person does before, such as stopping what holds a port: the fault is half gone then, and undo does not bring it back. */
	prepare?: (project: string) => void;
	/** What happens in the world while the fix waits for it. */
	meanwhile?: (project: string) => void;
	/** The fault is an event whose words go with the container: makes it happen again once the fix was taken back. */
	happensAgain?: (project: string) => Promise<void>;
	/** The fix changes nothing that could be taken back. */
	nothingToUndo?: boolean;
	/**
	 * Into how many deployments the SIGKILL matrix of this fix is dealt: one kill after every journal entry, then resume and undo.
	 * Every fix that writes data or files has one row with it.
	 */
	kill?: number;
	/** The same, but only where `KILLS=all` asks for it: its steps are killed in another row already, or a round takes minutes. */
	killOnDemand?: number;
	/** The rows leave the database until the undo: they are in the copy that is kept. */
	emptiesDatabase?: boolean;
	/** The rows are out of the server's sight until the fix: they lie in this volume of the project. */
	outOfSight?: string;
};
