using System.Globalization;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Catalogs.Histories;

/// <summary>Call of a client to a catalog, executable on a store and on the model.</summary>
internal abstract record CatalogCall
{
    public const string NotFound = "not found";
    public const string InUse = "in use";
    public const string Past = "past";
    public const string Future = "future";
    public const string Name = "m";

    private static readonly DateTimeOffset FutureTime = new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Executes the call on a store.</summary>
    /// <param name="contents">Root pages of the trees that versions may have.</param>
    /// <returns>The result, in the model's format.</returns>
    public async Task<string> RunAsync(VersionStore store, IReadOnlyList<PageReference> contents)
    {
        try
        {
            return await ExecuteAsync(store, contents);
        }
        catch (ArtifactVersionNotFoundException)
        {
            return NotFound;
        }
        catch (AliasInUseException)
        {
            return InUse;
        }
    }

    /// <summary>Applies the call to the model and returns the result.</summary>
    public abstract string ApplyTo(ModelCatalog model);

    protected abstract Task<string> ExecuteAsync(VersionStore store, IReadOnlyList<PageReference> contents);

    private static string Describe(
        VersionRecord record,
        IEnumerable<string> aliases,
        IReadOnlyList<PageReference> contents
    )
    {
        var content = contents.Select(page => page.Digest).ToList().IndexOf(record.Digest);
        var expiry =
            record.ExpiresAt is null ? ""
            : record.ExpiresAt < DateTimeOffset.UtcNow ? Past
            : Future;
        var version = new ModelCatalog.Version(content, record.Description, [.. record.Tags.Texts()], expiry);
        return ModelCatalog.Describe(record.Number, version, aliases);
    }

    private static string Describe(PublishedVersion version, IReadOnlyList<PageReference> contents) =>
        Describe(version.Record, version.Aliases.Texts(), contents);

    // A version as a client found it earlier. It may have been deleted since.
    private static PublishedVersion Known(VersionStore store, int number, PageReference content) =>
        new(
            store,
            new CatalogState(ArtifactName.Parse(Name)),
            new VersionRecord
            {
                Number = number,
                Type = TypeName.Parse("data"),
                Root = content,
                CreatedAt = DateTimeOffset.UnixEpoch,
                CreatedBy = "me",
            }
        );

    private static string Deleted(IEnumerable<string> references) =>
        string.Join(' ', references.Select(reference => reference[(reference.IndexOf(':') + 1)..]));

    public sealed record Publish(int Content, string? Description, string[] Aliases, bool KeepsLatest) : CatalogCall
    {
        public override string ApplyTo(ModelCatalog model) => model.Publish(Content, Description, Aliases, KeepsLatest);

        public override string ToString() =>
            $"publish c{Content} '{Description}' {string.Join(' ', Aliases)}{(KeepsLatest ? ", keeping latest" : "")}";

        protected override async Task<string> ExecuteAsync(VersionStore store, IReadOnlyList<PageReference> contents)
        {
            var publication = new Publication
            {
                Name = ArtifactName.Parse(Name),
                Type = TypeName.Parse("data"),
                Description = Description,
                Aliases = [.. Aliases.Select(AliasName.Parse)],
                KeepsLatest = KeepsLatest,
            };
            await using var writer = new StoreWriter(store);
            var content = new StoredVersionContent(contents[Content], []);
            return Describe(await Publisher.PublishAsync(writer, content, publication, Token), contents);
        }
    }

    public sealed record SetAlias(int Version, string Alias) : CatalogCall
    {
        public override string ApplyTo(ModelCatalog model) => model.SetAlias(Version, Alias);

        protected override async Task<string> ExecuteAsync(VersionStore store, IReadOnlyList<PageReference> contents) =>
            Describe(
                await VersionEditor.SetAliasesAsync(
                    Known(store, Version, contents[0]),
                    [AliasName.Parse(Alias)],
                    null,
                    Token
                ),
                contents
            );
    }

    public sealed record RemoveAlias(int Version, string Alias) : CatalogCall
    {
        public override string ApplyTo(ModelCatalog model) => model.RemoveAlias(Version, Alias);

        protected override async Task<string> ExecuteAsync(VersionStore store, IReadOnlyList<PageReference> contents) =>
            Describe(
                await VersionEditor.RemoveAliasAsync(
                    Known(store, Version, contents[0]),
                    AliasName.Parse(Alias),
                    null,
                    Token
                ),
                contents
            );
    }

    public sealed record Edit(int Version, string? Description, string? AddTag, string? RemoveTag, string? Expiry)
        : CatalogCall
    {
        public override string ApplyTo(ModelCatalog model) =>
            model.Edit(Version, Description, AddTag, RemoveTag, Expiry);

        protected override async Task<string> ExecuteAsync(VersionStore store, IReadOnlyList<PageReference> contents)
        {
            var edit = new EditAction(Version)
            {
                Description = Description,
                AddTags = AddTag is null ? [] : [TagName.Parse(AddTag)],
                RemoveTags = RemoveTag is null ? [] : [TagName.Parse(RemoveTag)],
                ExpiresAt = Expiry switch
                {
                    null => null,
                    "" => EditAction.Never,
                    Past => DateTimeOffset.UnixEpoch,
                    _ => FutureTime,
                },
            };
            return Describe(
                await VersionEditor.EditAsync(Known(store, Version, contents[0]), edit, null, Token),
                contents
            );
        }
    }

    public sealed record Delete(int Version, bool EvenWithAliases) : CatalogCall
    {
        public override string ApplyTo(ModelCatalog model) => model.Delete(Version, EvenWithAliases);

        protected override async Task<string> ExecuteAsync(VersionStore store, IReadOnlyList<PageReference> contents)
        {
            var version = Known(store, Version, contents[0]);
            var deleted = await VersionEditor.DeleteAsync(version, EvenWithAliases, null, Token);
            return Deleted(deleted.Select(item => item.Reference));
        }
    }

    public sealed record DeleteOlder(int KeepCount, int[] Chosen) : CatalogCall
    {
        public override string ApplyTo(ModelCatalog model) => model.DeleteOlder(KeepCount, Chosen);

        public override string ToString() => $"delete {string.Join(' ', Chosen)} but the newest {KeepCount}";

        protected override async Task<string> ExecuteAsync(VersionStore store, IReadOnlyList<PageReference> contents) =>
            Deleted(await VersionEditor.DeleteOlderAsync(Known(store, 0, contents[0]), KeepCount, Chosen, null, Token));
    }

    public sealed record DeleteExpired : CatalogCall
    {
        public override string ApplyTo(ModelCatalog model) => model.DeleteExpired();

        protected override async Task<string> ExecuteAsync(VersionStore store, IReadOnlyList<PageReference> contents) =>
            Deleted(
                await ExpiredVersions.DeleteAsync(
                    store,
                    ArtifactKey.Of(ArtifactName.Parse(Name)),
                    DateTimeOffset.UtcNow,
                    null,
                    Token
                )
            );
    }

    public sealed record Read : CatalogCall
    {
        public override string ApplyTo(ModelCatalog model) => model.Read();

        protected override async Task<string> ExecuteAsync(VersionStore store, IReadOnlyList<PageReference> contents)
        {
            var state = await store.OpenCatalog(ArtifactName.Parse(Name)).ReadAsync(Token);
            return string.Create(CultureInfo.InvariantCulture, $"next {state.NextVersion}; ")
                + string.Join(
                    "; ",
                    state.VersionNumbers.Select(number =>
                        Describe(state.Find(number)!, state.AliasesOf(number).Texts(), contents)
                    )
                );
        }
    }
}
