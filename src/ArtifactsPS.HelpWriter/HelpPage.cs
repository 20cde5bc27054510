namespace ArtifactsPS.HelpWriter;

/// <summary>Hand-written texts of a cmdlet's page, as Markdown. The rest of the page is generated.</summary>
internal sealed record HelpPage
{
    public required string Synopsis { get; init; }

    public required string Description { get; init; }

    public required IReadOnlyList<ExampleText> Examples { get; init; }

    /// <summary>By name, without the dash.</summary>
    public required IReadOnlyDictionary<string, string> Parameters { get; init; }

    /// <summary>By the full name of a type that goes in.</summary>
    public required IReadOnlyDictionary<string, string> Inputs { get; init; }

    /// <summary>By the full name of a type that comes out.</summary>
    public required IReadOnlyDictionary<string, string> Outputs { get; init; }

    public required string Notes { get; init; }

    public required string Links { get; init; }
}

/// <summary>An example of a page.</summary>
/// <param name="Title">What its heading says after its number; empty if nothing.</param>
/// <param name="Body">Code, then what it does.</param>
internal sealed record ExampleText(string Title, string Body);
