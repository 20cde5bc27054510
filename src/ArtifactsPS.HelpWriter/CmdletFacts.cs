using System.Globalization;
using System.Management.Automation;

namespace ArtifactsPS.HelpWriter;

/// <summary>Metadata of one cmdlet.</summary>
internal sealed class CmdletFacts(CmdletInfo cmdlet)
{
    /// <summary>Descriptions of parameters that the engine adds to cmdlets with ShouldProcess.</summary>
    public static readonly IReadOnlyDictionary<string, string> EngineParameters = new Dictionary<string, string>(
        StringComparer.Ordinal
    )
    {
        ["WhatIf"] = "Shows what the command would do, without doing it.",
        ["Confirm"] = "Prompts for confirmation before the command makes changes.",
    };

    public string Name => cmdlet.Name;

    public string Verb => cmdlet.Verb;

    public string Noun => cmdlet.Noun;

    /// <summary>The default one first, each with its parameters in the order of a syntax line.</summary>
    public IReadOnlyList<ParameterSetFacts> Sets { get; } =
    [
        .. cmdlet
            .ParameterSets.OrderByDescending(set => set.IsDefault)
            .Select(set => new ParameterSetFacts(
                set.Name,
                set.IsDefault,
                $"{cmdlet.Name} {set}",
                [
                    .. set
                        .Parameters.Where(parameter => IsOwn(parameter.Name))
                        .OrderBy(parameter => parameter.Position < 0 ? int.MaxValue : parameter.Position)
                        .ThenByDescending(parameter => parameter.IsMandatory)
                        .ThenBy(parameter => EngineParameters.ContainsKey(parameter.Name))
                        .Select(parameter => Describe(cmdlet, parameter)),
                ]
            )),
    ];

    /// <summary>Each parameter as in its first set. It accepts pipeline input if it does in any set.</summary>
    public IReadOnlyList<ParameterHelp> Parameters =>
        [
            .. Sets.SelectMany(set => set.Parameters)
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

    /// <summary>Full names of the types of pipeline input.</summary>
    public IReadOnlyList<string> Inputs =>
        [
            .. Parameters
                .Where(parameter => parameter.FromPipeline)
                .Select(parameter => cmdlet.Parameters[parameter.Name].ParameterType.FullName!)
                .Distinct(StringComparer.Ordinal),
        ];

    /// <summary>Full names of the output types.</summary>
    public IReadOnlyList<string> Outputs =>
        [.. cmdlet.OutputType.Where(type => type.Type is not null).Select(type => type.Type.FullName!)];

    private static bool IsOwn(string name) =>
        !Cmdlet.CommonParameters.Contains(name)
        && (EngineParameters.ContainsKey(name) || !Cmdlet.OptionalCommonParameters.Contains(name));

    private static ParameterHelp Describe(CmdletInfo cmdlet, CommandParameterInfo parameter)
    {
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        var isSwitch = type == typeof(SwitchParameter);
        return new ParameterHelp(parameter.Name, type.Name)
        {
            IsSwitch = isSwitch,
            IsMandatory = parameter.IsMandatory,
            Position = parameter.Position < 0 ? null : parameter.Position,
            FromPipeline = parameter.ValueFromPipeline,
            FromPipelineByPropertyName = parameter.ValueFromPipelineByPropertyName,
            TakesWildcards = parameter.Attributes.OfType<SupportsWildcardsAttribute>().Any(),
            Aliases = parameter.Aliases,
            Values = type.IsEnum
                ? Enum.GetNames(type)
                : [.. parameter.Attributes.OfType<ValidateSetAttribute>().SelectMany(set => set.ValidValues)],
            DefaultValue = isSwitch ? "False" : DefaultValue(cmdlet, parameter),
        };
    }

    // The default is the property's value in a new instance of the cmdlet.
    private static string DefaultValue(CmdletInfo cmdlet, CommandParameterInfo parameter)
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

/// <summary>A parameter set of a cmdlet.</summary>
/// <param name="Name">As the cmdlet calls it.</param>
/// <param name="IsDefault">Whether it is the default parameter set.</param>
/// <param name="Syntax">How it is called, in one line.</param>
/// <param name="Parameters">In the order of a syntax line.</param>
internal sealed record ParameterSetFacts(
    string Name,
    bool IsDefault,
    string Syntax,
    IReadOnlyList<ParameterHelp> Parameters
);
