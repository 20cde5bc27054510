using System.Collections;
using System.Management.Automation;
using System.Net;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Storage.Kinds;

namespace ArtifactsPS.Commands.Stores;

/// <summary>Base of cmdlets that take a store's location, options and credential.</summary>
public abstract class StorePlaceCmdlet : StoreInfoCmdlet
{
    [Parameter]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(StoreOptionCompleter))]
    public Hashtable? Option { get; set; }

    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    // A location that is given for the first time may be mistyped, so these commands give up earlier.
    private protected override TimeSpan? RetryLimit => TimeLimit;

    /// <summary>The credential for Core; null if none was given.</summary>
    private protected NetworkCredential? NetworkCredential =>
        Credential is null ? null : new NetworkCredential(Credential.UserName, Credential.Password);

    /// <summary>Returns the full location, including options.</summary>
    /// <exception cref="InvalidStoreLocationException">The location is invalid, or an option or credential doesn't apply to this kind of store.</exception>
    private protected string LocationOf(string given)
    {
        var location = Stores.LocationOf(given);
        if (StoreLocation.IsUri(location))
            return Option is null ? location : StoreAddress.Parse(location).With(Options()).ToString();
        if (Option is not null || Credential is not null)
            throw new InvalidStoreLocationException(
                location,
                "a folder takes no -Option and no -Credential. A share that needs one is connected first, for example with New-PSDrive"
            );
        return location;
    }

    /// <summary>Remembers the credential for later commands of this session.</summary>
    private protected void RememberCredential(string location)
    {
        if (NetworkCredential is { } credential)
            StoreLocation.Remember(location, credential);
    }

    private IEnumerable<KeyValuePair<string, string>> Options() =>
        Option!
            .Cast<DictionaryEntry>()
            .Select(entry => new KeyValuePair<string, string>(TextOf(entry.Key), TextOf(entry.Value)));

    private static string TextOf(object? value) =>
        value is bool flag ? (flag ? "true" : "false") : LanguagePrimitives.ConvertTo<string>(value);
}
