import { execute } from './execution.js';
import type { ClusterMember } from '../membership/member.js';
import type { RequestForwarder } from './request-forwarder.js';
import type { ClusterAnswer, ClusterRequest } from './requests.js';
import { type ClusterPort, type ClusterView, viewCluster } from '../view.js';

/** What the members keep their logs in: what is wrong with it, and how many commands it lost before they were taken. */
interface ClusterMedium {
  trouble?(): string | undefined;
  readonly lostCommands?: number;
}

export interface MemberPortOptions {
  readonly member: ClusterMember;
  readonly key?: string | undefined;
  readonly medium?: ClusterMedium | undefined;
}

/** One member of a cluster, for the server of its process. */
export class MemberPort implements ClusterPort {
  readonly key: string | undefined;

  constructor(
    private readonly options: MemberPortOptions,
    private readonly forwarder: Pick<RequestForwarder, 'forwarded'>,
  ) {
    this.key = options.key;
  }

  get address(): string {
    return this.options.member.address;
  }

  get takeOvers(): number {
    return this.options.member.host.takeOvers;
  }

  get forwarded(): number {
    return this.forwarder.forwarded;
  }

  get lostCommands(): number {
    return this.options.medium?.lostCommands ?? 0;
  }

  view(): ClusterView {
    return viewCluster(this.options.member);
  }

  trouble(): string | undefined {
    return this.options.member.trouble() ?? this.options.medium?.trouble?.();
  }

  execute(requests: readonly ClusterRequest[]): Promise<readonly ClusterAnswer[]> {
    return execute(this.options.member, requests);
  }
}
