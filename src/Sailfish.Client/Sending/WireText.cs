namespace Sailfish.Client.Sending;

/// <summary>Text that can be sent as it is (docs/protocol.md, section 1, Text and ids).</summary>
internal static class WireText
{
    /// <summary>Whether the text has neither U+0000 nor a surrogate without its other half.</summary>
    public static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
                i++;
            else if (text[i] == '\0' || char.IsSurrogate(text[i]))
                return false;
        }

        return true;
    }
}
