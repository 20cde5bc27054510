namespace ArtifactsPS.Core.Drafts;

/// <summary>Something that went wrong with one item of many, while the others went on.</summary>
/// <param name="Item">What the user gave, or what it led to.</param>
/// <param name="Exception">The reason.</param>
public sealed record ItemFailure(object Item, Exception Exception);
