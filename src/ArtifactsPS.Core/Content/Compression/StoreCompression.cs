namespace ArtifactsPS.Core.Content.Compression;

/// <summary>Compression of new content in a store.</summary>
public enum StoreCompression
{
    /// <summary>Zstandard, for content that it shrinks.</summary>
    Zstandard,

    /// <summary>No compression.</summary>
    None,
}
