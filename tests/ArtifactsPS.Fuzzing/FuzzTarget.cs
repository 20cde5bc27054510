using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Fuzzing;

/// <summary>Something that takes any bytes: it accepts them, or says in one of the ways that its callers expect what is wrong
/// with them. All else it throws is found.</summary>
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
    };

    /// <summary>What targets there are.</summary>
    public static IEnumerable<string> Names => All.Keys;

    /// <summary>Finds one by its name.</summary>
    public static FuzzTarget Of(string name) => All[name]();

    /// <summary>Inputs to begin with.</summary>
    public abstract IEnumerable<byte[]> Seeds();

    /// <summary>Tries an input.</summary>
    /// <returns>What is wrong with it; null where it is accepted.</returns>
    public string? Try(byte[] input)
    {
        try
        {
            Take(input);
            return null;
        }
        catch (Exception e) when (IsExpected(e))
        {
            // Whoever calls it tells the user.
            return e.Message;
        }
    }

    protected abstract void Take(byte[] input);

    /// <summary>Whether its callers make an error of it that is documented.</summary>
    protected virtual bool IsExpected(Exception e) => e is InvalidDataException;
}
