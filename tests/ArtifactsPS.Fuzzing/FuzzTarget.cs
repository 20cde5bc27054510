using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Fuzzing;

/// <summary>Code that must accept any bytes or reject them with an expected exception. Any other exception is a
/// finding.</summary>
internal abstract class FuzzTarget
{
    private static readonly Dictionary<string, Func<FuzzTarget>> All = new(StringComparer.Ordinal)
    {
        ["page"] = () => new PageTarget(),
        ["transaction"] = () => new TransactionTarget(),
        ["checkpoint"] = () => new CheckpointTarget(),
        ["run"] = () => new RunTarget(),
        ["path"] = () => new EntryPathTarget(),
        ["reference"] = () => new ReferenceTarget(),
        ["ignore"] = () => new IgnoreTarget(),
        ["archive"] = () => new ArchiveTarget(),
        ["frame"] = () => new FrameTarget(),
        ["chunks"] = () => new ChunkListTarget(),
    };

    /// <summary>Names of all targets.</summary>
    public static IEnumerable<string> Names => All.Keys;

    /// <summary>Creates a target by its name.</summary>
    public static FuzzTarget Of(string name) => All[name]();

    /// <summary>Inputs for the fuzzer to start from.</summary>
    public abstract IEnumerable<byte[]> Seeds();

    /// <summary>Runs the target on an input.</summary>
    /// <returns>Message of an expected exception; null if the input is accepted.</returns>
    public string? Try(byte[] input)
    {
        try
        {
            Process(input);
            return null;
        }
        catch (Exception e) when (IsExpected(e))
        {
            // Callers report it to the user.
            return e.Message;
        }
    }

    protected abstract void Process(byte[] input);

    /// <summary>Whether callers turn the exception into a documented error.</summary>
    protected virtual bool IsExpected(Exception e) => e is InvalidDataException;
}
