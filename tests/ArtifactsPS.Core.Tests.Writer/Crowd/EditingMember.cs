using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Storage.Folder;
using ArtifactsPS.Core.Tests.Crowd;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Tests.Writer.Crowd;

/// <summary>Moves and removes aliases, adds tags, and sets expiry.</summary>
internal sealed class EditingMember(FolderObjectStore objects, CrowdTime time, int seed)
    : CrowdMember(objects, time, seed)
{
    private static readonly string[] Aliases = ["prod", "beta", "old", "latest"];

    protected override async Task<string> ActAsync()
    {
        using var timeLock = await Time.LockSharedAsync();
        if (await ChooseAsync(ChooseName()) is not { } version)
            return "nothing to edit";
        var number = version.Record.Number;
        try
        {
            switch (Random.Next(4))
            {
                case 0 when version.Aliases.FirstOrDefault(alias => !alias.IsLatest) is { } alias:
                    await VersionEditor.RemoveAliasAsync(version, alias, null, default);
                    return "alias removed";
                case 1:
                    var expiry = new EditAction(number) { ExpiresAt = DateTimeOffset.UtcNow.AddSeconds(1) };
                    await VersionEditor.EditAsync(version, expiry, null, default);
                    return "expiry set";
                case 2:
                    var tag = new EditAction(number)
                    {
                        AddTags = [TagName.Parse("good")],
                        ExpiresAt = EditAction.Never,
                    };
                    await VersionEditor.EditAsync(version, tag, null, default);
                    return "tagged";
                default:
                    await VersionEditor.SetAliasesAsync(
                        version,
                        [AliasName.Parse(Aliases[Random.Next(Aliases.Length)])],
                        null,
                        default
                    );
                    return "alias set";
            }
        }
        catch (Exception e) when (e is ArtifactVersionNotFoundException or ArtifactNotFoundException)
        {
            return "not found";
        }
    }
}
