using Sailfish.Server.Hosting;

namespace Sailfish.Server.Identity;

/// <summary>Where the apps are kept when no settings name them.</summary>
internal interface IAppStore
{
    /// <summary>
    /// The apps, the first one first: those of the settings, where there are any. Else those that are kept; an app with new
    /// secrets where there was none, and from then on that one. These also stand in <c>DataDir/secrets.json</c>, for its owner
    /// alone, where tools look for them.
    /// </summary>
    /// <param name="configured">What the settings say.</param>
    /// <exception cref="ConfigurationException">The file is broken, or others have other apps.</exception>
    IReadOnlyList<AppConfig> Load(IReadOnlyList<AppConfig> configured);

    /// <summary>Those that are kept, as they are now; the file has the same ones then.</summary>
    Task<IReadOnlyList<AppConfig>> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Gives one of those that are kept new secrets; null when it is none of them. Who reads them again has the new ones.</summary>
    Task<AppConfig?> RotateAsync(long appId, CancellationToken cancellationToken);
}
