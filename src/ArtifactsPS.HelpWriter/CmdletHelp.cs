namespace ArtifactsPS.HelpWriter;

/// <summary>What the help says of one cmdlet.</summary>
internal sealed record CmdletHelp(string Verb, string Noun)
{
    public string Name => $"{Verb}-{Noun}";

    public required string Synopsis { get; init; }

    /// <summary>Paragraphs.</summary>
    public required IReadOnlyList<string> Description { get; init; }

    /// <summary>The default one first; within each, parameters in the order in which they are shown.</summary>
    public required IReadOnlyList<IReadOnlyList<ParameterHelp>> ParameterSets { get; init; }

    /// <summary>Each parameter once, sorted by name.</summary>
    public required IReadOnlyList<ParameterHelp> Parameters { get; init; }

    public required IReadOnlyList<TypeHelp> Inputs { get; init; }

    public required IReadOnlyList<TypeHelp> Outputs { get; init; }

    public required IReadOnlyList<ExampleHelp> Examples { get; init; }

    /// <summary>Names of cmdlets and topics.</summary>
    public required IReadOnlyList<string> Links { get; init; }
}

/// <summary>What the help says of a parameter, in one parameter set or in all.</summary>
/// <param name="Name">Without the dash.</param>
/// <param name="Type">Its type's short name.</param>
internal sealed record ParameterHelp(string Name, string Type)
{
    /// <summary>Paragraphs.</summary>
    public required IReadOnlyList<string> Description { get; init; }

    public bool IsSwitch { get; init; }

    public bool IsMandatory { get; init; }

    /// <summary>Null for one that must be named.</summary>
    public int? Position { get; init; }

    public bool FromPipeline { get; init; }

    public bool FromPipelineByPropertyName { get; init; }

    public bool TakesWildcards { get; init; }

    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The values it is limited to; empty if it isn't.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    public string DefaultValue { get; init; } = "None";
}

/// <summary>What the help says of a type that goes in or comes out.</summary>
internal sealed record TypeHelp(string Name, IReadOnlyList<string> Description);

/// <summary>One example.</summary>
internal sealed record ExampleHelp(string Code, IReadOnlyList<string> Remarks);
