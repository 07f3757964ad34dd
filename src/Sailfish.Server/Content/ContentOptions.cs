using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Sailfish.Server.Hosting;

namespace Sailfish.Server.Content;

/// <summary>What the content check does with a word of its list.</summary>
public enum ContentAction
{
    /// <summary>The message is not stored; its sender gets ERROR <c>content_refused</c>.</summary>
    Refuse,

    /// <summary>The word is overwritten with asterisks.</summary>
    Mask,
}

/// <summary><c>Sailfish:Content</c>: what users may write.</summary>
public sealed class ContentOptions
{
    /// <summary>The most characters of <c>content</c>. 1 to 4,000.</summary>
    [Range(1, 4000)]
    public int MaxLength { get; set; } = 4000;

    /// <summary>The most bytes of a chat's <c>data</c> beside <c>content</c>, as UTF-8 without white space. 0 to 55,000.</summary>
    [Range(0, 55_000)]
    public int MaxExtraBytes { get; set; } = 4096;

    /// <summary>Words that are looked for, whatever their case.</summary>
    [Secret]
    public List<string> Words { get; set; } = [];

    /// <summary>A file with more words, one a line, UTF-8; <c>#</c> begins a comment.</summary>
    public string? WordFile { get; set; }

    /// <summary>What happens to a message with one of the words.</summary>
    public ContentAction Action { get; set; } = ContentAction.Refuse;
}

/// <summary>Checks <see cref="ContentOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class ContentOptionsValidator : IValidateOptions<ContentOptions>;
