import { TemplateThread } from '../../src/data-sources/templates/templates.ts';

/** What reads templates for tests without a server. It keeps no process. */
export const templates = new TemplateThread();
