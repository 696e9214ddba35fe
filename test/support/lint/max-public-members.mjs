/**
 * An ESLint rule: a class has at most so many public members of its own. A method for an event of the catalogue, by its name or as
 * `apply…`, does not count: there are as many of those as there are events.
 */
const isOf = (events, name) =>
  events.has(name) || events.has(name.replace(/^apply(.)/, (_, first) => first.toLowerCase()));

/** @type {import('eslint').Rule.RuleModule} */
export const maxPublicMembers = {
  meta: {
    type: 'suggestion',
    schema: [{ type: 'object', properties: { max: { type: 'integer' }, events: { type: 'array' } } }],
    messages: { many: 'This class has {{count}} public members, more than {{max}}: what is it really two of?' },
  },
  create(context) {
    const [{ max, events }] = context.options;
    const named = new Set(events);
    const isPublic = ({ accessibility, key }) =>
      accessibility !== 'private' && accessibility !== 'protected' && key?.type !== 'PrivateIdentifier';
    return {
      ClassBody(node) {
        const names = new Set();
        for (const member of node.body) {
          if (member.kind === 'constructor') {
            for (const parameter of member.value.params) {
              const isProperty = parameter.type === 'TSParameterProperty' && isPublic(parameter);
              if (isProperty) names.add((parameter.parameter.left ?? parameter.parameter).name);
            }
          } else if (member.key !== undefined && isPublic(member)) {
            names.add(member.key.name ?? context.sourceCode.getText(member.key));
          }
        }
        const count = [...names].filter((name) => !isOf(named, name)).length;
        if (count > max) context.report({ node: node.parent, messageId: 'many', data: { count, max } });
      },
    };
  },
};
