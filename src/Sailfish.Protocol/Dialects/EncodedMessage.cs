namespace Sailfish.Protocol.Dialects;

/// <summary>
/// A MESSAGE frame ready for the socket, but for the receiver's id. A class: it is handed from thread to thread without a
/// lock, and a reference is seen whole or not at all.
/// </summary>
/// <param name="Bytes">The whole frame, WebSocket header included.</param>
/// <param name="SlotOffset">Where the <see cref="ReceiverSlot"/> begins.</param>
public sealed record EncodedMessage(byte[] Bytes, int SlotOffset);
