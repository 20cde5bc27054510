namespace ArtifactsPS.Serialization;

/// <summary>Converts objects to the content of a file, one after another. Memory doesn't grow with their number.</summary>
internal interface IObjectWriter : IDisposable
{
    /// <exception cref="InvalidMetadataException">The format can't represent a value.</exception>
    void Write(object? item);

    /// <summary>Ends the file.</summary>
    /// <returns>The content, valid until this is disposed.</returns>
    ObjectSpool Complete();
}
