// node:cluster. https://nodejs.org/docs/latest-v24.x/api/cluster.html
import { load } from 'internal:load';
import { worker } from 'internal:cluster/role';

export default worker?.cluster ?? load('internal:cluster/primary').cluster;
