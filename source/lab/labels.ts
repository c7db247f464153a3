/** On every container, network and volume of the lab: the fault it shows. */
export const label = 'compose-medic.lab';

/** On the same things: the deployment they belong to. Containers beside the project carry it too. */
export const projectLabel = 'compose-medic.lab.project';

export const labelOf = (fault: string): string => `${label}=${fault}`;
export const projectLabelOf = (project: string): string => `${projectLabel}=${project}`;

/** The labels in the form that Compose files take. */
export const composeLabels = (lab: {fault: string; project: string}): Record<string, string> => ({
	[label]: lab.fault,
	[projectLabel]: lab.project,
});
