namespace ArtifactsPS.Core.Reachability;

/// <summary>Owner of a tree of pages: a version, or another record that protects content in a store.</summary>
/// <param name="Subject">Name of the owner in messages.</param>
internal abstract record TreeOwner(string Subject);
