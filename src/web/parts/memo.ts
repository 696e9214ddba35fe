import { Component, type ComponentType, type VNode } from 'preact';

/** A component that is drawn again only when one of its properties is another one. */
export function memo<Props extends object>(draw: (props: Props) => VNode): ComponentType<Props> {
  return class extends Component<Props> {
    override shouldComponentUpdate(next: Readonly<Props>): boolean {
      const before: Readonly<Props> = this.props;
      return (Object.keys(next) as (keyof Props)[]).some((name) => next[name] !== before[name]); // they are its own
    }

    render(props: Props): VNode {
      return draw(props);
    }
  };
}
