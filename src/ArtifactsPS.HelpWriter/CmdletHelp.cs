namespace ArtifactsPS.HelpWriter;

/// <summary>Help of one cmdlet: its metadata with the texts of its page.</summary>
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

    /// <summary>Paragraphs.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>The first is where -Online leads.</summary>
    public required IReadOnlyList<LinkHelp> Links { get; init; }
}

/// <summary>Help of a parameter, in one parameter set or in all.</summary>
/// <param name="Name">Without the dash.</param>
/// <param name="Type">Its type's short name.</param>
internal sealed record ParameterHelp(string Name, string Type)
{
    /// <summary>Paragraphs; empty until the page is read.</summary>
    public IReadOnlyList<string> Description { get; init; } = [];

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

    /// <summary>Accepted pipeline input, in the words of Get-Help.</summary>
    public string PipelineInput =>
        (FromPipeline, FromPipelineByPropertyName) switch
        {
            (true, true) => "True (ByPropertyName, ByValue)",
            (true, false) => "True (ByValue)",
            (false, true) => "True (ByPropertyName)",
            _ => "False",
        };
}

/// <summary>Help of an input or output type.</summary>
internal sealed record TypeHelp(string Name, IReadOnlyList<string> Description);

/// <summary>One example.</summary>
internal sealed record ExampleHelp(string Title, string Code, IReadOnlyList<string> Remarks);

/// <summary>A related link.</summary>
/// <param name="Text">A cmdlet, a topic, or what the page at the URI is.</param>
/// <param name="Uri">Empty for what Get-Help shows.</param>
internal sealed record LinkHelp(string Text, string Uri);
