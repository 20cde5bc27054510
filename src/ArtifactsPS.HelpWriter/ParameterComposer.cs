using System.Globalization;
using System.Management.Automation;

namespace ArtifactsPS.HelpWriter;

/// <summary>Puts together what there is to say of the parameters of one cmdlet.</summary>
internal sealed class ParameterComposer(CmdletInfo cmdlet, DocumentationFile documentation, DocText text)
{
    private static readonly Dictionary<string, string> EngineParameters = new(StringComparer.Ordinal)
    {
        ["WhatIf"] = "Shows what would be done, and doesn't do it.",
        ["Confirm"] = "Asks before anything is done.",
    };

    /// <summary>The parameter sets, the default one first, each with its parameters in the order of a syntax line.</summary>
    public IReadOnlyList<IReadOnlyList<ParameterHelp>> Sets() =>
        [
            .. cmdlet
                .ParameterSets.OrderByDescending(set => set.IsDefault)
                .Select(set =>
                    (IReadOnlyList<ParameterHelp>)
                        [
                            .. set
                                .Parameters.Where(parameter => IsOwn(parameter.Name))
                                .OrderBy(parameter => parameter.Position < 0 ? int.MaxValue : parameter.Position)
                                .ThenByDescending(parameter => parameter.IsMandatory)
                                .ThenBy(parameter => EngineParameters.ContainsKey(parameter.Name))
                                .Select(Describe),
                        ]
                ),
        ];

    /// <summary>Every parameter as it is in the first set that has it; from the pipeline if it is so in any set.</summary>
    public IReadOnlyList<ParameterHelp> All() =>
        [
            .. Sets()
                .SelectMany(set => set)
                .GroupBy(parameter => parameter.Name, StringComparer.Ordinal)
                .Select(uses =>
                    uses.First() with
                    {
                        FromPipeline = uses.Any(use => use.FromPipeline),
                        FromPipelineByPropertyName = uses.Any(use => use.FromPipelineByPropertyName),
                    }
                )
                .OrderBy(parameter => EngineParameters.ContainsKey(parameter.Name))
                .ThenBy(parameter => parameter.Name, StringComparer.Ordinal),
        ];

    /// <summary>What the pipeline may bring, by type.</summary>
    public IReadOnlyList<TypeHelp> Inputs() =>
        [
            .. All()
                .Where(parameter => parameter.FromPipeline)
                .Select(parameter => new TypeHelp(
                    cmdlet.Parameters[parameter.Name].ParameterType.FullName!,
                    parameter.Description
                )),
        ];

    private static bool IsOwn(string name) =>
        !Cmdlet.CommonParameters.Contains(name)
        && (EngineParameters.ContainsKey(name) || !Cmdlet.OptionalCommonParameters.Contains(name));

    private ParameterHelp Describe(CommandParameterInfo parameter)
    {
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        var isSwitch = type == typeof(SwitchParameter);
        IReadOnlyList<string> values = type.IsEnum
            ? Enum.GetNames(type)
            : [.. parameter.Attributes.OfType<ValidateSetAttribute>().SelectMany(set => set.ValidValues)];
        return new ParameterHelp(parameter.Name, type.Name)
        {
            Description = Description(parameter.Name, type, values),
            IsSwitch = isSwitch,
            IsMandatory = parameter.IsMandatory,
            Position = parameter.Position < 0 ? null : parameter.Position,
            FromPipeline = parameter.ValueFromPipeline,
            FromPipelineByPropertyName = parameter.ValueFromPipelineByPropertyName,
            TakesWildcards = parameter.Attributes.OfType<SupportsWildcardsAttribute>().Any(),
            Aliases = parameter.Aliases,
            Values = values,
            DefaultValue = isSwitch ? "False" : DefaultValue(parameter),
        };
    }

    private List<string> Description(string name, Type type, IReadOnlyList<string> values)
    {
        if (EngineParameters.TryGetValue(name, out var known))
            return [known];
        var property = cmdlet.ImplementingType.GetProperty(name)!;
        var paragraphs = text.Paragraphs(documentation.Of(property).Element("summary")).ToList();
        if (paragraphs.Count > 0 && values.Count > 0)
            paragraphs.AddRange(Values(type, values));
        return paragraphs;
    }

    // With what each means, where that is told: the enums of other assemblies have their comments elsewhere.
    private IReadOnlyList<string> Values(Type type, IReadOnlyList<string> values)
    {
        var explained = values.Select(value => (Value: value, Text: Explanation(type, value))).ToList();
        return explained.Exists(value => value.Text.Length == 0)
            ? [$"Values: {string.Join(", ", values)}"]
            : [.. explained.Select(value => $"- {value.Value}: {value.Text}")];
    }

    private string Explanation(Type type, string value) =>
        type.GetField(value) is { } field
            ? string.Join(' ', text.Paragraphs(documentation.Of(field).Element("summary")))
            : "";

    // What the property holds in a new cmdlet is what holds when the parameter is left out.
    private string DefaultValue(CommandParameterInfo parameter)
    {
        if (parameter.IsMandatory || !parameter.ParameterType.IsValueType)
            return "None";
        var instance = Activator.CreateInstance(cmdlet.ImplementingType);
        using (instance as IDisposable)
        {
            var value = cmdlet.ImplementingType.GetProperty(parameter.Name)!.GetValue(instance);
            return Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } shown ? shown : "None";
        }
    }
}
