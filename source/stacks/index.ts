import type {Container} from '../core/world.ts';
import {dify} from './dify.ts';
import {generic} from './generic.ts';
import type {Stack} from './stack.ts';

export type {CredentialGroup, Stack} from './stack.ts';

/** The first that recognises a deployment is taken; `generic` takes every other. */
export const stacks: readonly Stack[] = [dify, generic];

export const recogniseStack = (containers: readonly Container[]): Stack =>
	stacks.find(stack => stack.recognises(containers)) ?? generic;

/** @param id also `external` and ids of a newer version, which are read as the generic stack */
export const stackById = (id: string): Stack => stacks.find(stack => stack.id === id) ?? generic;
