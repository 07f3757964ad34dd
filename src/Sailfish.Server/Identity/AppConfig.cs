using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Sailfish.Server.Hosting;

namespace Sailfish.Server.Identity;

/// <summary>One app: a product that uses this server, with users and rooms of its own.</summary>
public sealed class AppConfig
{
    /// <summary>The app's number, 1 to 2^53−1.</summary>
    [Range(1L, Protocol.Ids.Max)]
    public long AppId { get; set; }

    /// <summary>A name for people.</summary>
    public string Name { get; set; } = "";

    /// <summary>Signs the app's login tokens (HS256, the key being its UTF-8 bytes); at least 32 characters.</summary>
    [Required, MinLength(32, ErrorMessage = "{0} holds at least {1} characters."), Secret]
    public string TokenSecret { get; set; } = "";

    /// <summary>Opens the server API to the app's own servers; at least 16 characters.</summary>
    [Required, MinLength(16, ErrorMessage = "{0} holds at least {1} characters."), Secret]
    public string ApiKey { get; set; } = "";
}

/// <summary>Checks an <see cref="AppConfig"/>.</summary>
[OptionsValidator]
internal sealed partial class AppConfigValidator : IValidateOptions<AppConfig>;
